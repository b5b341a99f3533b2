package io.unicoredask.autoconfigure;

import io.unicoredask.cluster.site.Site;
import io.unicoredask.unicore.SiteInfo;
import io.unicoredask.unicore.SiteOffer;
import io.unicoredask.unicore.UnicoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a look at a site has shown.
 *
 * @param site the site's name in the configuration
 * @param words who we are there and what it offers; then {@code problems} is empty
 * @param problems what is wrong and what can be done about it
 */
record SiteLook(String site, String words, List<String> problems) {

  private static final int MOST_LOOKS = 5;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final List<String> DASK = List.of("dask-scheduler", "dask-worker");

  /**
   * Looks at the site; takes some of its calls, each within its time limits. An answer that says
   * that it is not available now, as a Gateway's to one of two calls at once, is not its last word.
   */
  static SiteLook at(Site site) {
    return at(site, FIRST_PAUSE);
  }

  /**
   * @param pause how long to wait before the second look; before each further one twice as long
   */
  static SiteLook at(Site site, Duration pause) {
    for (int looks = 1; ; looks++) {
      try {
        return look(site);
      } catch (RuntimeException e) {
        if (looks == MOST_LOOKS
            || !maySoonPass(e)
            || !waited(pause.multipliedBy(1L << looks - 1))) {
          return new SiteLook(site.unicore().name(), "", List.of(String.valueOf(e.getMessage())));
        }
      }
    }
  }

  private static SiteLook look(Site site) {
    String name = site.unicore().name();
    SiteInfo info = site.unicore().info();
    SiteOffer offer = site.unicore().offer();
    site.catalogue().remember(offer);
    return new SiteLook(name, words(name, info, offer), problems(site, info, offer));
  }

  private static boolean maySoonPass(RuntimeException e) {
    return e instanceof UnicoreException unicore && unicore.isRetryable() && unicore.status() > 0;
  }

  /** Whether there is still somebody who waits. */
  private static boolean waited(Duration pause) {
    try {
      Thread.sleep(pause.toMillis());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String words(String name, SiteInfo info, SiteOffer offer) {
    return "site '%s' (%s, UNICORE/X %s): it knows us as %s, role %s; queues %s; %s"
        .formatted(
            name,
            info.siteName(),
            info.version(),
            info.uid(),
            info.role(),
            new TreeSet<>(offer.queues()),
            dask(offer.applications()));
  }

  private static String dask(Set<String> applications) {
    List<String> missing = DASK.stream().filter(one -> !applications.contains(one)).toList();
    return missing.isEmpty()
        ? "applications dask-scheduler and dask-worker among %d".formatted(applications.size())
        : "no application %s among %d, so that schedulerJob and workerJob have to name another, or an Executable"
            .formatted(String.join(" and ", missing), applications.size());
  }

  private static List<String> problems(Site site, SiteInfo info, SiteOffer offer) {
    List<String> problems = new ArrayList<>();
    String name = site.unicore().name();
    if (!info.acceptsJobs()) {
      problems.add(
          "site '%s', %s: takes no jobs now. Ask its operators when it will"
              .formatted(name, site.unicore().baseUrl()));
    }
    if (site.defaults().queue() != null
        && !offer.queues().isEmpty()
        && !offer.queues().contains(site.defaults().queue())) {
      problems.add(
          "site '%s', %s: has no queue '%s'. Correct unicore-dask.sites.%s.queue to one of %s"
              .formatted(
                  name,
                  site.unicore().baseUrl(),
                  site.defaults().queue(),
                  name,
                  new TreeSet<>(offer.queues())));
    }
    return problems;
  }
}

package io.unicoredask.autoconfigure;

import io.unicoredask.cluster.site.Site;
import io.unicoredask.unicore.SiteInfo;
import io.unicoredask.unicore.SiteOffer;
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

  private static final List<String> DASK = List.of("dask-scheduler", "dask-worker");

  /** Looks at the site; takes some of its calls, each within its time limits. */
  static SiteLook at(Site site) {
    String name = site.unicore().name();
    try {
      SiteInfo info = site.unicore().info();
      SiteOffer offer = site.unicore().offer();
      site.catalogue().remember(offer);
      return new SiteLook(name, words(name, info, offer), problems(site, info, offer));
    } catch (RuntimeException e) {
      return new SiteLook(name, "", List.of(String.valueOf(e.getMessage())));
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

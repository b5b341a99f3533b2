package io.unicoredask.cluster;

import io.unicoredask.unicore.Job;
import io.unicoredask.unicore.JobNotFoundException;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the jobs at one site that carry this engine's tag while none of its clusters wants them:
 * what a crash, a lost answer or a deletion at the wrong moment left behind. A job that carries no
 * tag of this engine is never touched.
 *
 * <p>A job is ended when it was found unwanted twice, as far apart as the grace period is long: it
 * may be one whose submission is not on record yet. Used by one thread at a time.
 */
class SiteSweep {

  private static final Logger LOG = LoggerFactory.getLogger(SiteSweep.class);

  private final UnicoreSite site;
  private final String installation;
  private final Duration grace;
  private final InstantSource clock;
  private final Map<URI, Instant> unwantedSince = new HashMap<>();

  /** Finished jobs stay in the site's list for weeks; each is read once. */
  private final Set<URI> finished = new HashSet<>();

  SiteSweep(UnicoreSite site, String installation, Duration grace, InstantSource clock) {
    this.site = site;
    this.installation = installation;
    this.grace = grace;
    this.clock = clock;
  }

  String name() {
    return site.name();
  }

  /** Looks at all jobs once, and ends and returns those that have been unwanted for long enough. */
  List<URI> round(KnownClusters clusters) {
    List<URI> listed = site.jobs(JobTags.installation(installation));
    finished.retainAll(listed);
    unwantedSince.keySet().retainAll(listed);
    return listed.stream()
        .filter(url -> !finished.contains(url) && !clusters.own(url))
        .filter(url -> endIfUnwanted(url, clusters))
        .toList();
  }

  private boolean endIfUnwanted(URI url, KnownClusters clusters) {
    Job job;
    try {
      job = site.job(url);
    } catch (JobNotFoundException e) {
      return false;
    }
    if (job.status().isFinished()) {
      finished.add(url);
    } else if (!isUnwanted(url, job, clusters)) {
      unwantedSince.remove(url);
    } else {
      Instant now = clock.instant();
      Instant since = unwantedSince.computeIfAbsent(url, first -> now);
      if (!now.isBefore(since.plus(grace))) {
        LOG.warn(
            "Site '{}': ending {}, {}, which no cluster wants",
            site.name(),
            site.resolve(url),
            job.tags());
        site.abort(url);
        return true;
      }
    }
    return false;
  }

  private static boolean isUnwanted(URI url, Job job, KnownClusters clusters) {
    return JobTags.intent(job.tags())
        .map(intent -> clusters.disown(intent.cluster(), intent.purpose(), url))
        .orElse(false);
  }
}

package io.unicoredask.cluster.sweep;

import io.unicoredask.cluster.LogContext;
import io.unicoredask.cluster.identity.Permit;
import io.unicoredask.cluster.keeper.JobTags;
import io.unicoredask.unicore.Job;
import io.unicoredask.unicore.JobNotFoundException;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
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

  /** After a start nobody knows which jobs of the last weeks are over. */
  private static final int AT_ONCE = 100;

  private boolean settled;
  private final UnicoreSite site;
  private final String installation;
  private final Duration grace;
  private final Permit permit;
  private final InstantSource clock;
  private final Map<URI, Instant> unwantedSince = new HashMap<>();

  /** In which round each was read last, so that all have their turn. */
  private final Map<URI, Long> readIn = new HashMap<>();

  /** Finished jobs stay in the site's list for weeks; each is read once. */
  private final Set<URI> finished = new HashSet<>();

  private long rounds;

  /** The round in which the site was last asked whether anything may be ended. */
  private long permittedIn;

  SiteSweep(
      UnicoreSite site, String installation, Duration grace, Permit permit, InstantSource clock) {
    this.site = site;
    this.installation = installation;
    this.grace = grace;
    this.permit = permit;
    this.clock = clock;
  }

  String name() {
    return site.name();
  }

  /**
   * Looks at the jobs that are on no record, so many at most, and ends and returns those that have
   * been unwanted for long enough. Those come first that were seen unwanted, then those that were
   * not read for longest. What is over is read once.
   */
  List<URI> round(KnownClusters clusters) {
    List<URI> listed = site.jobs(JobTags.installation(installation));
    Collection<URI> owned = clusters.jobsAt(site.name());
    Set<URI> still = new HashSet<>(listed);
    finished.retainAll(still);
    unwantedSince.keySet().retainAll(still);
    readIn.keySet().retainAll(still);
    rounds++;
    List<URI> unread =
        listed.stream().filter(url -> !finished.contains(url) && !owned.contains(url)).toList();
    settled = unread.isEmpty();
    return unread.stream()
        .sorted(
            Comparator.<URI, Boolean>comparing(url -> !unwantedSince.containsKey(url))
                .thenComparing(url -> readIn.getOrDefault(url, 0L)))
        .limit(AT_ONCE)
        .filter(url -> endIfUnwanted(url, clusters))
        .toList();
  }

  /** Whether the last round has found no job that is neither over nor on record. */
  boolean isSettled() {
    return settled;
  }

  private boolean endIfUnwanted(URI url, KnownClusters clusters) {
    readIn.put(url, rounds);
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
        requirePermit();
        abort(url, job);
        return true;
      }
    }
    return false;
  }

  private void abort(URI url, Job job) {
    try (LogContext log = LogContext.of(context(job))) {
      LOG.warn(
          "Site '{}': ending {}, {}, which no cluster wants",
          site.name(),
          site.resolve(url),
          job.tags());
      site.abort(url);
    }
  }

  /** The cluster that it was submitted for, which may be no more. */
  private Map<String, String> context(Job job) {
    Map<String, String> context = new HashMap<>(Map.of(LogContext.SITE, site.name()));
    JobTags.intent(job.tags())
        .ifPresent(
            intent -> {
              context.put(LogContext.CLUSTER, intent.cluster());
              context.put(LogContext.JOB, intent.purpose());
            });
    return context;
  }

  /** Somebody may have taken over since this was asked last, and submitted what seems unwanted. */
  private void requirePermit() {
    if (permittedIn != rounds) {
      permit.requireNow(site.name());
      permittedIn = rounds;
    }
  }

  private static boolean isUnwanted(URI url, Job job, KnownClusters clusters) {
    return JobTags.intent(job.tags())
        .map(intent -> clusters.disown(intent.cluster(), intent.purpose(), url))
        .orElse(false);
  }
}

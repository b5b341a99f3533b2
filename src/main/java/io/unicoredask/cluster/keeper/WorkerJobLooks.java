package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.keeper.WorkerJob.Status;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Asks the site about worker jobs whose workers the scheduler does not have: a few at each look,
 * those first of which something is said to have become or whose workers it had, then those that
 * were never asked about, and each the more seldom the longer it stays as it is. A thousand jobs
 * that queue cost the site no more than a few.
 */
class WorkerJobLooks {

  private static final int AT_ONCE = 10;
  private static final Duration SHORTEST = Duration.ofMillis(400);
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private final JobReader jobs;
  private final Map<Integer, Look> looks = new HashMap<>();

  /** The numbers of those whose times were asked for. */
  private final Set<Integer> asked = new HashSet<>();

  /**
   * @param next when it may be looked at again
   * @param pause how long after the last look that is
   */
  private record Look(Instant next, Duration pause) {}

  WorkerJobLooks(JobReader jobs) {
    this.jobs = jobs;
  }

  /**
   * What is seen of them, by their numbers.
   *
   * @param first jobs that are to come first now, or as soon as it is their turn among those
   */
  Map<Integer, JobSeen> look(Cluster cluster, WorkersSeen.Told told, Set<URI> first, Instant now) {
    Map<Integer, JobSeen> timed = times(cluster);
    if (told.connected() >= cluster.plannedWorkers()) {
      looks.clear();
      return timed;
    }
    List<WorkerJob> missing =
        cluster.workers().stream()
            .filter(job -> job.job() != null && !job.isRetiring() && job.status() != Status.LOST)
            .filter(Predicate.not(told.hasAllOf()))
            .toList();
    looks.keySet().retainAll(missing.stream().map(WorkerJob::number).collect(Collectors.toSet()));
    missing.stream().filter(job -> first.contains(job.job())).forEach(this::bringForward);
    timed.putAll(
        missing.stream()
            .filter(job -> isDue(job, now))
            .sorted(Comparator.comparing(this::at))
            .limit(AT_ONCE - timed.size())
            .collect(Collectors.toMap(WorkerJob::number, job -> look(job, now))));
    return timed;
  }

  /** Whether the batch system has been asked when the time of each connected job is over. */
  boolean hasAllTimes(Cluster cluster) {
    return untimed(cluster).isEmpty();
  }

  /** Asks that once of each job; in an allocation it is the allocation's. */
  private Map<Integer, JobSeen> times(Cluster cluster) {
    Map<Integer, JobSeen> timed = new HashMap<>();
    for (WorkerJob job : untimed(cluster).stream().limit(AT_ONCE / 2).toList()) {
      JobSeen seen = jobs.times(job.job()).orElse(null);
      if (seen instanceof JobSeen.Unknown) {
        break;
      }
      asked.add(job.number());
      if (seen != null) {
        timed.put(job.number(), seen);
      }
    }
    return timed;
  }

  private List<WorkerJob> untimed(Cluster cluster) {
    return cluster.allocation() != null
        ? List.of()
        : cluster.workers().stream()
            .filter(job -> job.job() != null && job.status() == Status.CONNECTED)
            .filter(job -> job.times().end() == null && !asked.contains(job.number()))
            .toList();
  }

  private void bringForward(WorkerJob job) {
    looks.compute(
        job.number(),
        (number, look) -> new Look(Instant.MIN, look == null ? SHORTEST : look.pause()));
  }

  private boolean isDue(WorkerJob job, Instant now) {
    return !at(job).isAfter(now);
  }

  private Instant at(WorkerJob job) {
    if (job.status() == Status.CONNECTED) {
      return Instant.MIN;
    }
    Look last = looks.get(job.number());
    return last == null ? Instant.EPOCH : last.next();
  }

  private JobSeen look(WorkerJob job, Instant now) {
    JobSeen seen = jobs.lookOrUnknown(job.job(), job.name(), job.wasConnected(), now);
    Look last = looks.get(job.number());
    Duration pause = last == null ? SHORTEST : last.pause().multipliedBy(3).dividedBy(2);
    Duration next = pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    looks.put(job.number(), new Look(now.plus(next), next));
    return seen;
  }
}

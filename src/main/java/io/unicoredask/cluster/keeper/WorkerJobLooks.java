package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.keeper.WorkerJob.Status;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
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
    if (told.connected() >= cluster.plannedWorkers()) {
      looks.clear();
      return Map.of();
    }
    List<WorkerJob> missing =
        cluster.workers().stream()
            .filter(job -> job.job() != null && !job.isRetiring() && job.status() != Status.LOST)
            .filter(Predicate.not(told.hasAllOf()))
            .toList();
    looks.keySet().retainAll(missing.stream().map(WorkerJob::number).collect(Collectors.toSet()));
    missing.stream().filter(job -> first.contains(job.job())).forEach(this::bringForward);
    return missing.stream()
        .filter(job -> isDue(job, now))
        .sorted(Comparator.comparing(this::at))
        .limit(AT_ONCE)
        .collect(Collectors.toMap(WorkerJob::number, job -> look(job, now)));
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
    JobSeen seen = jobs.statusOrUnknown(job.job(), job.name());
    Look last = looks.get(job.number());
    Duration pause = last == null ? SHORTEST : last.pause().multipliedBy(3).dividedBy(2);
    Duration next = pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    looks.put(job.number(), new Look(now.plus(next), next));
    return seen;
  }
}

package io.unicoredask.cluster.keeper;

import java.util.Optional;

/** How far a job of a cluster is, as its record tells. */
public enum JobState {
  /** It is to be submitted. */
  WANTED,
  /** It waits in the queue. */
  QUEUED,
  /** It runs; of a worker's job, the scheduler does not have all of its workers. */
  RUNNING,
  /** The scheduler has the workers of this job. */
  CONNECTED,
  /** It is about to be ended, since the cluster is to be smaller. */
  RETIRING,
  /** It is over, though nobody ended it. */
  LOST,
  /** It is over, while the cluster is torn down or started anew. */
  ENDED;

  /** Whether only workers' jobs come there. */
  public boolean isOfWorkers() {
    return this == CONNECTED || this == RETIRING || this == LOST;
  }

  /** That of a cluster's allocation, if it has one. */
  public static Optional<JobState> ofAllocation(Cluster cluster) {
    // Nothing is submitted into one of its own before that takes jobs.
    return Optional.ofNullable(cluster.allocation())
        .map(one -> of(one.over(), !one.own() || cluster.scheduler() != null, one.job() == null));
  }

  /** That of a cluster's scheduler, if it has one. */
  public static Optional<JobState> ofScheduler(Cluster cluster) {
    return Optional.ofNullable(cluster.scheduler())
        .map(one -> of(one.over(), one.forwarding() != null, one.job() == null));
  }

  private static JobState of(boolean over, boolean runs, boolean wanted) {
    if (over) {
      return ENDED;
    }
    if (runs) {
      return RUNNING;
    }
    return wanted ? WANTED : QUEUED;
  }

  /** That of a worker job. */
  public static JobState of(WorkerJob worker) {
    return worker.over() ? ENDED : valueOf(worker.status().name());
  }
}

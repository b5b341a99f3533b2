package io.unicoredask.cluster.keeper;

/** How far a job of a cluster is, as far as its keeper knows. */
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
  OVER;

  /** Whether only workers' jobs come there. */
  public boolean isOfWorkers() {
    return this == CONNECTED || this == RETIRING || this == LOST;
  }

  static JobState of(AllocationJob allocation, Demand demand) {
    return of(allocation.over(), allocation.job() == null, demand.isWaiting(Phase.ALLOCATE));
  }

  static JobState of(SchedulerJob scheduler, Demand demand) {
    return of(scheduler.over(), scheduler.job() == null, demand.isWaiting(Phase.START_SCHEDULER));
  }

  private static JobState of(boolean over, boolean wanted, boolean queued) {
    if (over) {
      return OVER;
    }
    if (wanted) {
      return WANTED;
    }
    return queued ? QUEUED : RUNNING;
  }

  static JobState of(WorkerJob worker) {
    return worker.over() ? OVER : valueOf(worker.status().name());
  }
}

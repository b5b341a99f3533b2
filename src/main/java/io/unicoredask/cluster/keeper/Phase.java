package io.unicoredask.cluster.keeper;

/** What an activity of a process waits for. The process model says in which order they come. */
public enum Phase {
  /** The allocation takes jobs. */
  ALLOCATE(TimeLimit.QUEUE, "waits for the allocation"),
  /** The scheduler's job has left the queue. */
  START_SCHEDULER(TimeLimit.QUEUE, "waits for the scheduler's job to start"),
  /** The scheduler has written where it listens. */
  AWAIT_SCHEDULER(TimeLimit.START, "waits for the scheduler"),
  /** The scheduler has spoken through the local ports. */
  FORWARD_PORTS(TimeLimit.CONNECTION, "connects to the scheduler"),
  /** The cluster has the size that is asked for. */
  SCALE_WORKERS(TimeLimit.WORKERS, "waits for workers"),
  /** The scheduler of a ready cluster has ended. */
  MONITOR(TimeLimit.LIFETIME, "ready"),
  /** What is left of a cluster whose scheduler is lost is over. */
  RESTART(TimeLimit.NONE, "ends what is left"),
  /** All jobs of the cluster are over. */
  TEAR_DOWN(TimeLimit.NONE, "ends the jobs"),
  /** A script has ended. */
  RUN_SCRIPT(TimeLimit.NONE, "runs a script"),
  /** What the jobs have written is read. */
  READ_LOGS(TimeLimit.NONE, "reads logs");

  private final TimeLimit limit;
  private final String words;

  Phase(TimeLimit limit, String words) {
    this.limit = limit;
    this.words = words;
  }

  /** Which time limit runs meanwhile. */
  public TimeLimit limit() {
    return limit;
  }

  /** What is said of a cluster meanwhile, if there is nothing better to say. */
  public String words() {
    return words;
  }
}

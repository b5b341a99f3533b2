package io.unicoredask.unicore;

/** Where a job is in the batch system. */
public enum BatchState {
  /** In the queue. */
  WAITING,
  /** Running, or stopped for a while. */
  RUNNING,
  /** About to be over, its processes perhaps gone already; how it ends is not known yet. */
  ENDING,
  /** Over by itself, and well. */
  COMPLETED,
  /** Over, its script with an error or not started. */
  FAILED,
  /** Ended by somebody. */
  CANCELLED,
  /** Ended by the batch system for another job. */
  PREEMPTED,
  /** Ended by the batch system when its time was over. */
  TIME_LIMIT,
  /** Ended since it took more memory than it had asked for. */
  OUT_OF_MEMORY,
  /** Ended since a node failed. */
  NODE_FAILURE;

  /** Whether the job is over. */
  public boolean isOver() {
    return compareTo(ENDING) > 0;
  }
}

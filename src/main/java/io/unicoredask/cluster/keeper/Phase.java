package io.unicoredask.cluster.keeper;

/** What an activity of a process waits for. The process model says in which order they come. */
public enum Phase {
  /** The allocation takes jobs. */
  ALLOCATE,
  /** The scheduler's job has left the queue. */
  START_SCHEDULER,
  /** The scheduler has written where it listens. */
  AWAIT_SCHEDULER,
  /** The scheduler has spoken through the local ports. */
  FORWARD_PORTS,
  /** The cluster has the size that is asked for. */
  SCALE_WORKERS,
  /** The scheduler of a ready cluster has ended. */
  MONITOR,
  /** What is left of a cluster whose scheduler is lost is over. */
  RESTART,
  /** All jobs of the cluster are over. */
  TEAR_DOWN,
  /** A script has ended. */
  RUN_SCRIPT,
  /** What the jobs have written is read. */
  READ_LOGS
}

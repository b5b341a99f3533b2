package io.unicoredask.cluster.keeper;

/** What a job of a cluster is for. */
public enum JobRole {
  /** The other jobs run in it. */
  ALLOCATION,
  /** It runs the scheduler. */
  SCHEDULER,
  /** It runs workers. */
  WORKER
}

package io.unicoredask.cluster.keeper;

/** The time limits of a cluster, as process models have them, each with a timer of its own. */
public enum TimeLimit {
  /** {@code queueTimeout}. */
  QUEUE,
  /** {@code startTimeout}. */
  START,
  /** {@code connectionTimeout}. */
  CONNECTION,
  /** {@code workersTimeout}. */
  WORKERS,
  /** {@code lifetime}. */
  LIFETIME,
  /** None of them runs. */
  NONE
}

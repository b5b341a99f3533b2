package io.unicoredask.cluster.request;

/** When a cluster's first worker jobs are queued. */
public enum QueueWorkers {
  /** When the scheduler can be reached. */
  AFTER_SCHEDULER("afterScheduler"),

  /**
   * As soon as the scheduler's job is queued, so that all wait in the queue at the same time.
   * Workers that start before the scheduler wait for it.
   */
  TOGETHER("together");

  private final String value;

  QueueWorkers(String value) {
    this.value = value;
  }

  /** What variable {@code queueWorkers} says. */
  public String value() {
    return value;
  }
}

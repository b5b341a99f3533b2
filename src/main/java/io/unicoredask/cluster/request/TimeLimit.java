package io.unicoredask.cluster.request;

import java.time.Duration;

/** The time limits of a cluster's life. Each is a variable of its own and a timer in the model. */
public enum TimeLimit {
  /** How long the allocation, and then the scheduler's job, may wait in the queue. */
  QUEUE("queueTimeout", Duration.ofDays(1)),
  /** How long the scheduler may take to come up once its job runs. */
  START("startTimeout", Duration.ofMinutes(5)),
  /** How long it may take until a forwarded connection reaches the scheduler. */
  CONNECTION("connectionTimeout", Duration.ofSeconds(120)),
  /** How long workers may take to connect after they were asked for, their queueing included. */
  WORKERS("workersTimeout", Duration.ofDays(1)),
  /** How long the cluster lives after it became ready. */
  LIFETIME("lifetime", Duration.ofDays(1));

  private final String variable;
  private final Duration defaultValue;

  TimeLimit(String variable, Duration defaultValue) {
    this.variable = variable;
    this.defaultValue = defaultValue;
  }

  /** The name of the variable that sets it, an ISO 8601 duration. */
  public String variable() {
    return variable;
  }

  /** What it is set to when the variable is not given. */
  public Duration defaultValue() {
    return defaultValue;
  }
}

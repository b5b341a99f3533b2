package io.unicoredask.cluster.request;

import java.time.Duration;

/** The time limits of a cluster's life. Each is a variable of its own and a timer in the model. */
public enum TimeLimit {
  /** How long the allocation, and then the scheduler's job, may wait in the queue. */
  QUEUE(ClusterVariable.QUEUE_TIMEOUT),
  /** How long the scheduler may take to come up once its job runs. */
  START(ClusterVariable.START_TIMEOUT),
  /** How long it may take until a forwarded connection reaches the scheduler. */
  CONNECTION(ClusterVariable.CONNECTION_TIMEOUT),
  /** How long workers may take to connect after they were asked for, their queueing included. */
  WORKERS(ClusterVariable.WORKERS_TIMEOUT),
  /** How long the cluster lives after it became ready. */
  LIFETIME(ClusterVariable.LIFETIME);

  private final ClusterVariable variable;

  TimeLimit(ClusterVariable variable) {
    this.variable = variable;
  }

  /** The name of the variable that sets it, an ISO 8601 duration. */
  public String variable() {
    return variable.variableName();
  }

  /** Whether it is what it is set to when the variable is not given. */
  public boolean isDefault(Duration limit) {
    return limit.equals(defaultValue());
  }

  Variable described() {
    return variable.variable();
  }

  /** What it is set to when the variable is not given. */
  Duration defaultValue() {
    return Duration.parse(described().defaultValue());
  }
}

package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;

/** What an activity that waits is told in the end. */
public sealed interface Outcome {

  /** What it waited for has come about. */
  record Done() implements Outcome {}

  /**
   * It will not come about.
   *
   * @param error what kind of failure
   * @param message what failed, why, and what can be done about it
   */
  record Failed(ClusterError error, String message) implements Outcome {

    static Failed of(ClusterException e) {
      return new Failed(e.error(), e.getMessage());
    }
  }
}

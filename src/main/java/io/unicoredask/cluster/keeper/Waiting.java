package io.unicoredask.cluster.keeper;

import java.time.Instant;

/**
 * An activity that waits.
 *
 * @param execution its execution in the engine, by which it is told
 * @param phase what it waits for
 * @param since when it began
 * @param begun whether the keeper has put down what its beginning means for the cluster
 */
public record Waiting(String execution, Phase phase, Instant since, boolean begun) {

  /** Whether the activity runs beside its cluster's life, and has a keeper of its own. */
  boolean isAside() {
    return phase == Phase.RUN_SCRIPT || phase == Phase.READ_LOGS;
  }
}

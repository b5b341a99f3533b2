package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.ClusterError;

/** Fails what can never come about, since the process has left out what has to come before it. */
final class OrderRules {

  private OrderRules() {}

  static void check(Decision decision) {
    Cluster cluster = decision.cluster();
    if (decision.awaits(Phase.START_SCHEDULER)) {
      return;
    }
    if (!hasSchedulersDirectory(cluster)) {
      lacks(decision, Phase.AWAIT_SCHEDULER, "daskStartScheduler");
      lacks(decision, Phase.FORWARD_PORTS, "daskStartScheduler");
      lacks(decision, Phase.MONITOR, "daskStartScheduler");
    } else if (!decision.awaits(Phase.AWAIT_SCHEDULER)) {
      if (!hasScheduler(cluster)) {
        lacks(decision, Phase.FORWARD_PORTS, "daskAwaitScheduler");
        lacks(decision, Phase.MONITOR, "daskAwaitScheduler");
      } else if (!decision.awaits(Phase.FORWARD_PORTS) && !cluster.isReachable()) {
        lacks(decision, Phase.MONITOR, "daskForwardPorts");
      }
    }
  }

  private static void lacks(Decision decision, Phase phase, String before) {
    decision.fail(
        phase,
        ClusterError.DASK_INVALID_REQUEST,
        "${%s} cannot be done yet; let ${%s} come before it in the process"
            .formatted(ClusterLog.activity(phase), before));
  }

  /** Whether it is known where the scheduler's file will be. */
  static boolean hasSchedulersDirectory(Cluster cluster) {
    return cluster.scheduler() != null && cluster.scheduler().directory() != null;
  }

  /** Whether there is a scheduler that listens. */
  static boolean hasScheduler(Cluster cluster) {
    return cluster.scheduler() != null && cluster.scheduler().isListening();
  }
}

package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.request.ClusterRequest;

/** Says so where a cluster has no workers since nobody has asked for any. */
final class SizeRules {

  private static final String NO_WORKERS =
      "the cluster has no workers, since none of workers, jobs and adapt was given; give one of them"
          + " at the start, or with a message dask-cluster-scale";

  private SizeRules() {}

  static void warn(Decision decision) {
    ClusterRequest request = decision.demand().request();
    decision.change(
        cluster ->
            request.hasSize() ? cluster.notWarnedOf(NO_WORKERS) : cluster.warnedOf(NO_WORKERS));
  }
}

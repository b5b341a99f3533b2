package io.unicoredask.camunda;

import io.unicoredask.cluster.Cluster;
import io.unicoredask.cluster.ClusterActivity;
import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.Progress;
import io.unicoredask.cluster.request.ClusterRequest;
import java.util.function.Supplier;
import org.camunda.bpm.engine.ProcessEngine;

/**
 * An activity that goes on only as long as the work beside it. Work that ends takes the cluster
 * down as the model says; but the engine cancels the call of a process that is deleted without
 * going on behind it, so that the cluster would be left alone.
 */
class BesideWork implements ClusterActivity<ClusterRequest> {

  private final ClusterActivity<ClusterRequest> activity;
  private final Supplier<ProcessEngine> engine;

  BesideWork(ClusterActivity<ClusterRequest> activity, Supplier<ProcessEngine> engine) {
    this.activity = activity;
    this.engine = engine;
  }

  @Override
  public Progress begin(Cluster cluster, Supplier<ClusterRequest> request) {
    return activity.begin(cluster, request);
  }

  @Override
  public Progress look(Cluster cluster, Supplier<ClusterRequest> request) {
    if (cluster.work() != null && !isThere(cluster.work())) {
      throw new ClusterException(
          ClusterError.DASK_WORK_DELETED,
          "the process that worked in the cluster was deleted before it ended");
    }
    return activity.look(cluster, request);
  }

  private boolean isThere(String execution) {
    return engine.get().getRuntimeService().createExecutionQuery().executionId(execution).count()
        > 0;
  }
}

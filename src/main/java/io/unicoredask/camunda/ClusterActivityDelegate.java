package io.unicoredask.camunda;

import io.unicoredask.cluster.Cluster;
import io.unicoredask.cluster.ClusterActivity;
import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.request.ClusterRequest;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.delegate.DelegateExecution;

/** An activity that is asked what its cluster was asked for. */
abstract class ClusterActivityDelegate extends DaskActivity<ClusterRequest> {

  ClusterActivityDelegate(
      String name, ClusterActivity<ClusterRequest> activity, DaskRuntime runtime) {
    super(name, activity, runtime);
  }

  @Override
  ClusterRequest request(ClusterVariables variables, DelegateExecution execution, Cluster cluster) {
    return forReal(variables.request(execution));
  }

  @Override
  ClusterRequest request(ClusterVariables variables, RuntimeService engine, String executionId) {
    return variables.request(engine, executionId);
  }

  /** In case the model leads a dry run on to the activities, which submit. */
  private static ClusterRequest forReal(ClusterRequest request) {
    if (request.dryRun()) {
      throw new ClusterException(
          ClusterError.DASK_INVALID_REQUEST,
          "dryRun = true, which submits nothing, but the process went on; have it end with a"
              + " gateway behind ${daskCheckRequest} if dryRun is true");
    }
    return request;
  }
}

package io.unicoredask.camunda;

import io.unicoredask.cluster.Cluster;
import io.unicoredask.cluster.ClusterActivity;
import io.unicoredask.cluster.ClusterRequest;
import org.camunda.bpm.engine.delegate.DelegateExecution;

/** An activity that is asked what its cluster was asked for. */
abstract class ClusterActivityDelegate extends DaskActivity<ClusterRequest> {

  ClusterActivityDelegate(
      String name, ClusterActivity<ClusterRequest> activity, DaskRuntime runtime) {
    super(name, activity, runtime);
  }

  @Override
  ClusterRequest request(ClusterVariables variables, DelegateExecution execution, Cluster cluster) {
    return variables.request(execution);
  }
}

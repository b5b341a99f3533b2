package io.unicoredask.camunda;

import io.unicoredask.cluster.Cluster;
import io.unicoredask.cluster.ClusterStatus;
import org.camunda.bpm.engine.impl.pvm.delegate.ActivityExecution;

/**
 * {@code ${daskTeardown}}: closes the local ports, aborts the cluster's jobs and waits until the
 * site says that they are over. May run twice. {@code clusterStatus} becomes {@code STOPPED}, or
 * {@code FAILED} if there is an {@code errorCode}.
 */
public final class TeardownDelegate extends ClusterActivityDelegate {

  /** The name that process models use. */
  public static final String NAME = "daskTeardown";

  /** Made once for all processes. */
  public TeardownDelegate(DaskRuntime runtime) {
    super(NAME, runtime.activities().tearDown(), runtime);
  }

  @Override
  void onBegin(ActivityExecution execution) {
    ClusterVariables.setStatus(execution, ClusterStatus.STOPPING);
  }

  @Override
  void onDone(ActivityExecution execution, Cluster cluster) {
    execution.removeVariable(DaskVariables.SCHEDULER_ADDRESS);
    execution.removeVariable(DaskVariables.DASHBOARD_URL);
    ClusterVariables.setStatus(
        execution,
        execution.hasVariable(DaskVariables.ERROR_CODE)
            ? ClusterStatus.FAILED
            : ClusterStatus.STOPPED);
  }
}

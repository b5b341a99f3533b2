package io.unicoredask.camunda;

import io.unicoredask.cluster.Cluster;
import org.camunda.bpm.engine.impl.pvm.delegate.ActivityExecution;

/**
 * {@code ${daskForwardPorts}}: opens the local ports and waits until the scheduler has spoken
 * through them; then sets {@code schedulerAddress} and {@code dashboardUrl}.
 */
public final class ForwardPortsDelegate extends ClusterActivityDelegate {

  /** The name that process models use. */
  public static final String NAME = "daskForwardPorts";

  /** Made once for all processes. */
  public ForwardPortsDelegate(DaskRuntime runtime) {
    super(NAME, runtime.activities().forwardPorts(), runtime);
  }

  @Override
  void onDone(ActivityExecution execution, Cluster cluster) {
    execution.setVariable(DaskVariables.SCHEDULER_ADDRESS, cluster.localAddress());
    if (cluster.localDashboardPort() != null) {
      execution.setVariable(
          DaskVariables.DASHBOARD_URL,
          "http://127.0.0.1:%d/status".formatted(cluster.localDashboardPort()));
    }
  }
}

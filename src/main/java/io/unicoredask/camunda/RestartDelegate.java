package io.unicoredask.camunda;

import io.unicoredask.cluster.ClusterStatus;
import org.camunda.bpm.engine.impl.pvm.delegate.ActivityExecution;

/**
 * {@code ${daskRestart}}: ends the jobs of a cluster whose scheduler is lost, but for its
 * allocation, so that {@code ${daskStartScheduler}} can start it anew. {@code clusterStatus}
 * becomes {@code PENDING}.
 */
public final class RestartDelegate extends ClusterActivityDelegate {

  /** The name that process models use. */
  public static final String NAME = "daskRestart";

  /** Made once for all processes. */
  public RestartDelegate(DaskRuntime runtime) {
    super(NAME, runtime.activities().restart(), runtime);
  }

  @Override
  void onBegin(ActivityExecution execution) {
    ClusterVariables.setStatus(execution, ClusterStatus.PENDING);
  }
}

package io.unicoredask.camunda;

import io.unicoredask.cluster.ClusterStatus;
import org.camunda.bpm.engine.impl.pvm.delegate.ActivityExecution;

/**
 * {@code ${daskMonitor}}: the cluster is ready, {@code clusterStatus} says {@code RUNNING}. Stays
 * until the scheduler ends: of its own accord, or with the error {@code DASK_SCHEDULER_LOST}. Also
 * ends, with {@code DASK_WORK_DELETED}, if the process that works in the cluster is deleted.
 */
public final class MonitorDelegate extends ClusterActivityDelegate {

  /** The name that process models use. */
  public static final String NAME = "daskMonitor";

  /** Made once for all processes. */
  public MonitorDelegate(DaskRuntime runtime) {
    super(NAME, new BesideWork(runtime.activities().monitor(), runtime.engine()), runtime);
  }

  @Override
  void onBegin(ActivityExecution execution) {
    ClusterVariables.setStatus(execution, ClusterStatus.RUNNING);
  }
}

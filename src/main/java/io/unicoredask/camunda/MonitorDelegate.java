package io.unicoredask.camunda;

import io.unicoredask.cluster.ClusterStatus;
import org.camunda.bpm.engine.impl.pvm.delegate.ActivityExecution;

/**
 * {@code ${daskMonitor}}: the cluster is ready, {@code clusterStatus} says {@code RUNNING}. Stays
 * until the scheduler ends: of its own accord, or with the error {@code DASK_SCHEDULER_LOST} or, if
 * it runs in an allocation that is over, {@code DASK_ALLOCATION_FAILED}.
 */
public final class MonitorDelegate extends DaskActivity {

  /** The name that process models use. */
  public static final String NAME = "daskMonitor";

  /** Made once for all processes. */
  public MonitorDelegate(DaskRuntime runtime) {
    super(NAME, runtime.activities().monitor(), runtime);
  }

  @Override
  void onBegin(ActivityExecution execution) {
    ClusterVariables.setStatus(execution, ClusterStatus.RUNNING);
  }
}

package io.unicoredask.camunda;

import io.unicoredask.cluster.Cluster;
import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterStatus;
import io.unicoredask.cluster.Progress;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.impl.pvm.delegate.ActivityExecution;

/**
 * {@code ${daskMonitor}}: the cluster is ready, {@code clusterStatus} says {@code RUNNING}. Stays
 * until the scheduler ends: of its own accord, or with the error {@code DASK_SCHEDULER_LOST} or, if
 * it runs in an allocation that is over, {@code DASK_ALLOCATION_FAILED}. Also ends, with {@code
 * DASK_WORK_DELETED}, if the process that works in the cluster is deleted.
 */
public final class MonitorDelegate extends ClusterActivityDelegate {

  private static final String SCALE = "dask-cluster-scale";

  /** The name that process models use. */
  public static final String NAME = "daskMonitor";

  /** Made once for all processes. */
  public MonitorDelegate(DaskRuntime runtime) {
    super(NAME, new BesideWork(runtime.activities().monitor(), runtime.engine()), runtime);
  }

  @Override
  void onSeen(ActivityExecution execution, Cluster before, Progress progress) {
    Cluster now = progress.cluster();
    if (now.replacing() && !before.replacing()) {
      scaleAgain(execution);
    } else if (!now.replacing() && !now.lostWorkers().isEmpty()) {
      execution.setVariable(DaskVariables.SCALE_ERROR_CODE, ClusterError.DASK_WORKER_FAILED.name());
      execution.setVariable(DaskVariables.SCALE_ERROR_MESSAGE, progress.note());
    }
  }

  /**
   * Replacing is scaling to the size that was asked for, which what is lost does not count to. A
   * process that takes no such message has chosen to do without.
   */
  private static void scaleAgain(ActivityExecution execution) {
    RuntimeService engine = execution.getProcessEngineServices().getRuntimeService();
    String instance = execution.getProcessInstanceId();
    boolean takesIt =
        engine
                .createEventSubscriptionQuery()
                .processInstanceId(instance)
                .eventType("message")
                .eventName(SCALE)
                .count()
            > 0;
    if (takesIt) {
      engine.createMessageCorrelation(SCALE).processInstanceId(instance).correlate();
    }
  }

  @Override
  void onBegin(ActivityExecution execution) {
    ClusterVariables.setStatus(execution, ClusterStatus.RUNNING);
  }
}

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

  private static final String NOT_SCALABLE =
      "adapt: the process takes no message %s, so that the cluster keeps its size".formatted(SCALE);

  /** The name that process models use. */
  public static final String NAME = "daskMonitor";

  /** Made once for all processes. */
  public MonitorDelegate(DaskRuntime runtime) {
    super(NAME, new BesideWork(runtime.activities().monitor(), runtime.engine()), runtime);
  }

  @Override
  Progress onSeen(ActivityExecution execution, Cluster before, Progress progress) {
    if (progress.cluster().isToAdapt() && !before.isToAdapt()) {
      return scaleAgain(execution)
          ? progress
          : onLost(
              execution,
              before,
              new Progress(
                  progress.cluster().withoutScaling().warnedOf(NOT_SCALABLE),
                  false,
                  progress.note()));
    }
    return onLost(execution, before, progress);
  }

  private static Progress onLost(ActivityExecution execution, Cluster before, Progress progress) {
    Cluster now = progress.cluster();
    if (now.lostWorkers().isEmpty() || before.replacing()) {
      return progress;
    }
    if (now.replacing() && !isScaling(execution) && scaleAgain(execution)) {
      return progress;
    }
    if (!isScaling(execution) && !execution.hasVariable(DaskVariables.SCALE_ERROR_CODE)) {
      execution.setVariable(DaskVariables.SCALE_ERROR_CODE, ClusterError.DASK_WORKER_FAILED.name());
      execution.setVariable(DaskVariables.SCALE_ERROR_MESSAGE, progress.note());
    }
    return new Progress(now.withReplacing(false), false, progress.note());
  }

  /** A scaling that is under way sees for itself what is lost. */
  private static boolean isScaling(ActivityExecution execution) {
    return execution
            .getProcessEngineServices()
            .getRuntimeService()
            .createVariableInstanceQuery()
            .processInstanceIdIn(execution.getProcessInstanceId())
            .variableName(DaskVariables.WAITING)
            .variableValueEquals(DaskVariables.WAITING, ScaleWorkersDelegate.NAME)
            .count()
        > 0;
  }

  /**
   * Replacing is scaling to the size that was asked for, which what is lost does not count to;
   * adapting is scaling to the size that is on record.
   *
   * @return whether the process takes the message for it; one that does not has chosen to do
   *     without
   */
  private static boolean scaleAgain(ActivityExecution execution) {
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
    return takesIt;
  }

  @Override
  void onBegin(ActivityExecution execution) {
    ClusterVariables.setStatus(execution, ClusterStatus.RUNNING);
  }
}

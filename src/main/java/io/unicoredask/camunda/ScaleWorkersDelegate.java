package io.unicoredask.camunda;

import io.unicoredask.cluster.Cluster;
import org.camunda.bpm.engine.impl.pvm.delegate.ActivityExecution;

/**
 * {@code ${daskScaleWorkers}}: submits worker jobs, or retires workers and aborts their jobs, until
 * there are as many as {@code workers} or {@code jobs} asks for, and waits until the scheduler has
 * them. What is asked for while it waits counts as well: it is done when the newest size is
 * reached.
 */
public final class ScaleWorkersDelegate extends ClusterActivityDelegate {

  /** The name that process models use. */
  public static final String NAME = "daskScaleWorkers";

  /** Made once for all processes. */
  public ScaleWorkersDelegate(DaskRuntime runtime) {
    super(NAME, runtime.activities().scaleWorkers(), runtime);
  }

  @Override
  void onBegin(ActivityExecution execution) {
    execution.removeVariable(DaskVariables.SCALE_ERROR_CODE);
    execution.removeVariable(DaskVariables.SCALE_ERROR_MESSAGE);
  }

  /** It is tried again when another number of workers is wanted, not before. */
  @Override
  void onRefused(ActivityExecution execution, Cluster cluster) {
    if (cluster.adaptation() != null) {
      ClusterVariables.setJson(execution, DaskVariables.CLUSTER, cluster.withoutScaling());
    }
  }
}

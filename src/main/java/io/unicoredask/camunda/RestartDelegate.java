package io.unicoredask.camunda;

import io.unicoredask.cluster.Cluster;
import io.unicoredask.cluster.ClusterStatus;
import io.unicoredask.cluster.request.TimeLimit;
import java.time.Duration;
import org.camunda.bpm.engine.impl.pvm.delegate.ActivityExecution;

/**
 * {@code ${daskRestart}}: ends the jobs of a cluster whose scheduler is lost, but for its
 * allocation, so that {@code ${daskStartScheduler}} can start it anew. {@code clusterStatus}
 * becomes {@code PENDING}.
 */
public final class RestartDelegate extends ClusterActivityDelegate {

  /** The name that process models use. */
  public static final String NAME = "daskRestart";

  private static final Duration LEAST = Duration.ofSeconds(1);

  /** Made once for all processes. */
  public RestartDelegate(DaskRuntime runtime) {
    super(NAME, runtime.activities().restart(), runtime);
  }

  @Override
  void onBegin(ActivityExecution execution) {
    ClusterVariables.setStatus(execution, ClusterStatus.PENDING);
  }

  /** What is left of its lifetime is for the next time that it is ready. */
  @Override
  void onDone(ActivityExecution execution, Cluster cluster) {
    if (cluster.readySince() == null
        || !(execution.getVariable(TimeLimit.LIFETIME.variable()) instanceof String lifetime)) {
      return;
    }
    Duration lived = Duration.ofMillis(System.currentTimeMillis() - cluster.readySince());
    Duration left = Duration.parse(lifetime).minus(lived);
    execution.setVariable(
        TimeLimit.LIFETIME.variable(), (left.compareTo(LEAST) < 0 ? LEAST : left).toString());
    ClusterVariables.setJson(execution, DaskVariables.CLUSTER, cluster.withReadySince(null));
  }
}

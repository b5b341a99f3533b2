package io.unicoredask.camunda;

import io.unicoredask.cluster.Cluster;
import io.unicoredask.cluster.Progress;
import io.unicoredask.cluster.ResultFile;
import java.nio.charset.StandardCharsets;
import org.camunda.bpm.engine.impl.pvm.delegate.ActivityExecution;
import org.camunda.bpm.engine.variable.Variables;

/**
 * {@code ${daskLogs}}: reads what the cluster's jobs have written so far into the variable {@code
 * clusterLogs}. It sees the cluster and changes nothing of it.
 */
public final class LogsDelegate extends ClusterActivityDelegate {

  /** The name that process models use. */
  public static final String NAME = "daskLogs";

  /** Made once for all processes. */
  public LogsDelegate(DaskRuntime runtime) {
    super(NAME, runtime.activities().readLogs(DaskVariables.CLUSTER_LOGS), runtime);
  }

  /** The cluster is somebody else's to write. */
  @Override
  void write(ClusterVariables variables, ActivityExecution execution, Progress progress) {
    progress.files().forEach((variable, file) -> set(execution, variable, file));
  }

  /** What was written by then was written, however fast the cluster changes. */
  @Override
  boolean isOutdated(Look look, Cluster now) {
    return false;
  }

  private static void set(ActivityExecution execution, String variable, ResultFile file) {
    execution.setVariable(
        variable,
        Variables.fileValue(file.name())
            .file(file.content())
            .mimeType("text/plain")
            .encoding(StandardCharsets.UTF_8)
            .create());
  }
}

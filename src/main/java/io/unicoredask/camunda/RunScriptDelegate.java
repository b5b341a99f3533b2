package io.unicoredask.camunda;

import io.unicoredask.cluster.Cluster;
import io.unicoredask.cluster.ClusterActivity;
import io.unicoredask.cluster.Progress;
import io.unicoredask.cluster.ResultFile;
import io.unicoredask.cluster.ScriptJob;
import io.unicoredask.cluster.request.ScriptRequest;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.pvm.delegate.ActivityExecution;
import org.camunda.bpm.engine.variable.Variables;

/**
 * {@code ${daskRunScript}}: runs a Python script as a job at the cluster's site, and waits until it
 * has ended. It sees the cluster and changes nothing of it: any number of scripts can run in one.
 */
public final class RunScriptDelegate extends DaskActivity<ScriptRequest> {

  /** The name that process models use. */
  public static final String NAME = "daskRunScript";

  /** Made once for all processes. */
  public RunScriptDelegate(DaskRuntime runtime) {
    this(NAME, runtime.activities().runScript(), runtime);
  }

  RunScriptDelegate(String name, ClusterActivity<ScriptRequest> activity, DaskRuntime runtime) {
    super(name, activity, runtime);
  }

  /**
   * A run is known by the engine's job that begins it: the job stays the same however often it is
   * repeated, and is another whenever the script is to run once more.
   */
  @Override
  ScriptRequest request(ClusterVariables variables, DelegateExecution execution, Cluster cluster) {
    return variables.script(
        execution, Context.getCommandContext().getCurrentJob().getId(), cluster.site());
  }

  @Override
  ScriptRequest request(ClusterVariables variables, RuntimeService engine, String executionId) {
    throw new IllegalStateException("a script that runs is asked for nothing more");
  }

  @Override
  void onBegin(ActivityExecution execution) {
    execution.removeVariable(ScriptVariables.EXIT_CODE);
    execution.removeVariable(ScriptVariables.OUTPUT);
    execution.removeVariable(ScriptVariables.JOB_URL);
  }

  /** The cluster is somebody else's to write; the activity keeps a copy to itself. */
  @Override
  void write(ClusterVariables variables, ActivityExecution execution, Progress progress) {
    ClusterVariables.writeLocally(execution, progress.cluster(), progress.note());
    ScriptJob script = progress.cluster().script();
    execution.setVariable(ScriptVariables.JOB_URL, variables.url(progress.cluster(), script.job()));
    execution.setVariable(ScriptVariables.OUTPUT, script.output());
    if (script.exitCode() != null) {
      execution.setVariable(ScriptVariables.EXIT_CODE, script.exitCode());
    }
    progress.files().forEach((variable, file) -> set(execution, variable, file));
  }

  private static void set(ActivityExecution execution, String variable, ResultFile file) {
    execution.setVariable(
        variable,
        Variables.fileValue(file.name())
            .file(file.content())
            .mimeType(file.contentType())
            .create());
  }
}

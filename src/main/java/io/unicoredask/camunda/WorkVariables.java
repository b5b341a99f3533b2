package io.unicoredask.camunda;

import io.unicoredask.cluster.request.ClusterRequest;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.DelegateVariableMapping;
import org.camunda.bpm.engine.delegate.VariableScope;
import org.camunda.bpm.engine.variable.VariableMap;

/**
 * {@code ${daskWorkVariables}}, the variable mapping of a call activity that works inside a
 * cluster: the called process gets all variables; back come all that it has, also if it ends with
 * an error, but those of the cluster, which have changed meanwhile. No value is deserialized.
 *
 * <p>It also puts down for {@link MonitorDelegate} who works, so that the cluster does not outlive
 * a work that is deleted.
 */
public final class WorkVariables implements DelegateVariableMapping {

  /** The name that process models use. */
  public static final String NAME = "daskWorkVariables";

  private final ClusterVariables variables;

  /** Made once for all processes. */
  public WorkVariables(DaskRuntime runtime) {
    this.variables = runtime.variables();
  }

  @Override
  public void mapInputVariables(DelegateExecution caller, VariableMap called) {
    ClusterVariables.setJson(
        caller, DaskVariables.CLUSTER, variables.cluster(caller).withWork(caller.getId()));
    VariableMap all = caller.getVariablesTyped(false);
    all.keySet().forEach(name -> called.putValueTyped(name, all.getValueTyped(name)));
  }

  @Override
  public void mapOutputVariables(DelegateExecution caller, VariableScope called) {
    VariableMap all = called.getVariablesTyped(false);
    all.keySet().stream()
        .filter(name -> !ClusterRequest.VARIABLES.contains(name))
        .filter(name -> !DaskVariables.NAMES.contains(name))
        .forEach(name -> caller.setVariable(name, all.getValueTyped(name)));
  }
}

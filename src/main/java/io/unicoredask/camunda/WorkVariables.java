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
 */
final class WorkVariables implements DelegateVariableMapping {

  @Override
  public void mapInputVariables(DelegateExecution caller, VariableMap called) {
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

package io.unicoredask.camunda;

import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.request.ReservedNames;
import org.camunda.bpm.engine.BadUserRequestException;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.ExecutionListener;

/** Refuses a message to a cluster's instance that brings a variable which is not its to set. */
class RefusedNames implements ExecutionListener {

  private final DaskRuntime runtime;

  RefusedNames(DaskRuntime runtime) {
    this.runtime = runtime;
  }

  @Override
  public void notify(DelegateExecution execution) {
    if (runtime.tables().ofInstance(execution.getProcessInstanceId()).isPresent()) {
      try {
        ReservedNames.refuse(ChangedVariables.of(execution));
      } catch (ClusterException e) {
        throw new BadUserRequestException(e.error() + ": " + e.getMessage());
      }
    }
  }
}

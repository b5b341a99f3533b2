package io.unicoredask.camunda;

import io.unicoredask.camunda.engine.ChangedVariables;
import io.unicoredask.camunda.engine.Executions;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.request.ReservedNames;
import java.util.List;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.ExecutionListener;

/**
 * Refuses a message to a cluster's instance that brings a variable which is not its to set or, with
 * a message of ours, one that would be passed over.
 */
class RefusedNames implements ExecutionListener {

  /** How the names of all messages begin that {@code dask-cluster} itself waits for. */
  static final String OURS = "dask-cluster-";

  private final DaskRuntime runtime;

  RefusedNames(DaskRuntime runtime) {
    this.runtime = runtime;
  }

  @Override
  public void notify(DelegateExecution execution) {
    if (runtime.tables().ofInstance(execution.getProcessInstanceId()).isPresent()) {
      try {
        refuse(Executions.message(execution), ChangedVariables.of(execution));
      } catch (ClusterException e) {
        throw Refusal.of(e);
      }
    }
  }

  private static void refuse(String message, List<String> brought) {
    if (message.startsWith(OURS)) {
      ReservedNames.refuseAll(message, brought);
    } else {
      ReservedNames.refuse(brought);
    }
  }
}

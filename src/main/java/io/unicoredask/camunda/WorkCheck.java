package io.unicoredask.camunda;

import io.unicoredask.camunda.engine.Executions;
import io.unicoredask.camunda.engine.Transaction;
import java.util.List;
import java.util.Optional;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.repository.ProcessDefinition;

/**
 * Refuses a {@code work} that could not be called when the cluster is ready, hours later maybe, or
 * that the starter may not start: the engine itself does not ask at call activities.
 */
class WorkCheck {

  /** The process whose request can be checked beforehand as well. */
  private static final String SCRIPT = "dask-script";

  private final DaskRuntime runtime;

  WorkCheck(DaskRuntime runtime) {
    this.runtime = runtime;
  }

  /**
   * Says what is wrong with it, or puts it down as the call activity reads it.
   *
   * @param site where the cluster is to run; empty if that is wrong itself
   */
  List<String> problems(DelegateExecution execution, String site) {
    Object given = execution.getVariable(DaskVariables.WORK);
    if (given == null || given instanceof String text && text.isBlank()) {
      execution.removeVariable(DaskVariables.WORK);
      return List.of();
    }
    String key = given.toString().strip();
    Optional<ProcessDefinition> process =
        Transaction.current().latestProcess(key, execution.getTenantId());
    // Who may not start it need not learn that it is there.
    if (process.isEmpty() || !StarterAuthorizations.mayStart(key)) {
      return refused(given, "the key of a deployed process that you may start");
    }
    if (process.get().isSuspended()) {
      return refused(given, "a process whose latest version is not suspended");
    }
    if (key.equals(Executions.processKey(execution))) {
      return refused(given, "another process; this one would start cluster after cluster");
    }
    execution.setVariable(DaskVariables.WORK, key);
    return key.equals(SCRIPT) && !site.isEmpty()
        ? runtime.requests().script(execution, execution.getId(), site).problems()
        : List.of();
  }

  private static List<String> refused(Object value, String allowed) {
    return List.of(
        "%s = %s (%s) is not allowed; allowed is %s"
            .formatted(
                DaskVariables.WORK,
                TextColumn.fitting(value.toString()),
                value.getClass().getSimpleName(),
                allowed));
  }
}

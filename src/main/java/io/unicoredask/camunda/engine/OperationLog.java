package io.unicoredask.camunda.engine;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.persistence.entity.PropertyChange;

/** The engine's user operation log. */
public final class OperationLog {

  private OperationLog() {}

  /**
   * Says what is done with an execution's process instance by who makes the present call.
   *
   * @param details what it is done with
   */
  public static void add(
      String operation, DelegateExecution execution, Map<String, String> details) {
    List<PropertyChange> changes =
        details.entrySet().stream()
            .map(detail -> new PropertyChange(detail.getKey(), null, detail.getValue()))
            .collect(Collectors.toList());
    Context.getCommandContext()
        .getOperationLogManager()
        .logProcessInstanceOperation(
            operation,
            execution.getProcessInstanceId(),
            execution.getProcessDefinitionId(),
            Executions.processKey(execution),
            changes);
  }
}

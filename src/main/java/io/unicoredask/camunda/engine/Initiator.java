package io.unicoredask.camunda.engine;

import java.util.Optional;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.interceptor.CommandContext;
import org.camunda.bpm.engine.impl.persistence.entity.ExecutionEntity;
import org.camunda.bpm.engine.impl.persistence.entity.HistoricProcessInstanceEntity;

/**
 * The user who started a process instance or, of one that was called, the one that all of it began
 * with: they have asked for what is done in it, whoever completes a task there later. Process
 * variables have no say in it, since others can write them.
 */
public final class Initiator {

  private Initiator() {}

  /** Their name; nothing if nobody was logged in, or the engine has no history that would say. */
  public static Optional<String> of(DelegateExecution execution) {
    CommandContext command = Context.getCommandContext();
    String id = Executions.root(execution);
    ExecutionEntity root = command.getExecutionManager().findExecutionById(id);
    if (root != null && command.getDbEntityManager().getDbEntityCache().isTransient(root)) {
      // It is being started by this very call.
      return Optional.ofNullable(command.getAuthenticatedUserId());
    }
    return Optional.ofNullable(
            command.getHistoricProcessInstanceManager().findHistoricProcessInstance(id))
        .map(HistoricProcessInstanceEntity::getStartUserId);
  }
}

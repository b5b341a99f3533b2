package io.unicoredask.camunda.engine;

import java.util.List;
import java.util.Optional;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.impl.bpmn.parser.EventSubscriptionDeclaration;
import org.camunda.bpm.engine.impl.persistence.entity.ExecutionEntity;
import org.camunda.bpm.engine.impl.persistence.entity.SuspensionState;
import org.camunda.bpm.engine.impl.pvm.process.ActivityImpl;
import org.camunda.bpm.engine.runtime.Incident;

/** What an execution does not tell by itself. */
public final class Executions {

  private Executions() {}

  /** The key of its process definition, whoever may read that. */
  public static String processKey(DelegateExecution execution) {
    return entity(execution).getProcessDefinition().getKey();
  }

  /** Why its process instance is deleted; null if it is not. */
  public static String deleteReason(DelegateExecution execution) {
    return entity(execution).getProcessInstance().getDeleteReason();
  }

  /** Whether it is suspended. */
  public static boolean isSuspended(DelegateExecution execution) {
    return entity(execution).getSuspensionState() == SuspensionState.SUSPENDED.getStateCode();
  }

  /** The ids of its open incidents of a type. */
  public static List<String> incidents(DelegateExecution execution, String type) {
    return entity(execution).getIncidents().stream()
        .filter(incident -> incident.getIncidentType().equals(type))
        .map(Incident::getId)
        .toList();
  }

  /**
   * The name of the message that it has received, being at an event; empty if the model makes the
   * name by an expression.
   */
  public static String message(DelegateExecution execution) {
    ActivityImpl event = entity(execution).getActivity();
    return Optional.ofNullable(
            EventSubscriptionDeclaration.getDeclarationsForScope(event.getEventScope())
                .get(event.getId()))
        .filter(EventSubscriptionDeclaration::isEventNameLiteralText)
        .map(EventSubscriptionDeclaration::getUnresolvedEventName)
        .orElse("");
  }

  /** The id of the process instance that all of it began with. */
  static String root(DelegateExecution execution) {
    return entity(execution).getRootProcessInstanceId();
  }

  private static ExecutionEntity entity(DelegateExecution execution) {
    return (ExecutionEntity) execution;
  }
}

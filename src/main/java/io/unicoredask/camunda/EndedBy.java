package io.unicoredask.camunda;

import io.unicoredask.cluster.ClusterStatus;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.camunda.bpm.engine.ActivityTypes;
import org.camunda.bpm.engine.delegate.DelegateExecution;

/** What led to a cluster's teardown, as the variable {@code endedBy} says it. */
enum EndedBy {
  /** A message, or another event that is neither a timer nor an error. */
  TEARDOWN,

  /** None of the others: the process has come to its teardown by itself. */
  WORK,

  /** A timer. */
  LIFETIME,

  /** The scheduler of a ready cluster, which has ended without an error. */
  SCHEDULER,

  /** An error. */
  ERROR,

  /** The deletion of the cluster's process instance. */
  DELETION;

  /**
   * What an event is that a process waits for; nothing if its type is not that of such an event.
   */
  static Optional<EndedBy> event(String type) {
    return switch (type) {
      case ActivityTypes.BOUNDARY_TIMER,
          ActivityTypes.START_EVENT_TIMER,
          ActivityTypes.INTERMEDIATE_EVENT_TIMER ->
          Optional.of(LIFETIME);
      case ActivityTypes.BOUNDARY_ERROR, ActivityTypes.START_EVENT_ERROR -> Optional.of(ERROR);
      case ActivityTypes.BOUNDARY_MESSAGE,
          ActivityTypes.BOUNDARY_SIGNAL,
          ActivityTypes.BOUNDARY_ESCALATION,
          ActivityTypes.BOUNDARY_CONDITIONAL,
          ActivityTypes.BOUNDARY_CANCEL,
          ActivityTypes.START_EVENT_MESSAGE,
          ActivityTypes.START_EVENT_SIGNAL,
          ActivityTypes.START_EVENT_ESCALATION,
          ActivityTypes.START_EVENT_CONDITIONAL,
          ActivityTypes.INTERMEDIATE_EVENT_MESSAGE,
          ActivityTypes.INTERMEDIATE_EVENT_SIGNAL,
          ActivityTypes.INTERMEDIATE_EVENT_CONDITIONAL ->
          Optional.of(TEARDOWN);
      default -> Optional.empty();
    };
  }

  /** The value of the variable. */
  String value() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What a cluster is that has ended so. */
  ClusterStatus status() {
    return this == ERROR ? ClusterStatus.FAILED : ClusterStatus.STOPPED;
  }

  /** Puts it down; the last one counts. */
  void note(DelegateExecution execution) {
    execution.setVariable(DaskVariables.ENDED_BY, value());
  }

  /** The one that was put down last. */
  static EndedBy noted(DelegateExecution execution) {
    return Arrays.stream(values()).filter(one -> one.isNoted(execution)).findAny().orElse(WORK);
  }

  /** Whether it is what was put down last. */
  boolean isNoted(DelegateExecution execution) {
    return value().equals(execution.getVariable(DaskVariables.ENDED_BY));
  }

  /** A cluster that is started anew has not ended. */
  static void forget(DelegateExecution execution) {
    execution.removeVariable(DaskVariables.ENDED_BY);
  }

  /** When the teardown begins: what is known to have failed, or what nobody has put down yet. */
  static void settle(DelegateExecution execution) {
    if (execution.hasVariable(DaskVariables.ERROR_CODE)) {
      ERROR.note(execution);
    } else if (!execution.hasVariable(DaskVariables.ENDED_BY)) {
      WORK.note(execution);
    }
  }
}

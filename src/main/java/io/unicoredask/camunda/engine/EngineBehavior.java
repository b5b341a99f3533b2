package io.unicoredask.camunda.engine;

import org.camunda.bpm.engine.impl.bpmn.behavior.AbstractBpmnActivityBehavior;
import org.camunda.bpm.engine.impl.pvm.delegate.ActivityExecution;

/** A behavior as the engine takes it. */
final class EngineBehavior extends AbstractBpmnActivityBehavior {

  private final Behavior behavior;

  EngineBehavior(Behavior behavior) {
    this.behavior = behavior;
  }

  Behavior behavior() {
    return behavior;
  }

  @Override
  public void execute(ActivityExecution execution) throws Exception {
    executeWithErrorPropagation(
        execution,
        () -> {
          behavior.begin(execution, () -> leave(execution));
          return null;
        });
  }

  @Override
  public void signal(ActivityExecution execution, String signalName, Object signalData)
      throws Exception {
    if (!(behavior instanceof WaitState waiting)) {
      super.signal(execution, signalName, signalData);
      return;
    }
    executeWithErrorPropagation(
        execution,
        () -> {
          waiting.signal(execution, signalData, () -> leave(execution));
          return null;
        });
  }
}

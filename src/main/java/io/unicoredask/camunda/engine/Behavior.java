package io.unicoredask.camunda.engine;

import org.camunda.bpm.engine.delegate.DelegateExecution;

/** What an activity does. A {@code BpmnError} that it throws is the activity's. */
public interface Behavior {

  /**
   * Begins it.
   *
   * @param leave ends the activity, and does what comes next; until then it waits
   */
  void begin(DelegateExecution execution, Runnable leave);
}

package io.unicoredask.camunda;

import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.ExecutionListener;

/** Says that an event which leads to a teardown has come about, and was not given up before. */
class TeardownEvent implements ExecutionListener {

  private final EndedBy cause;

  TeardownEvent(EndedBy cause) {
    this.cause = cause;
  }

  @Override
  public void notify(DelegateExecution execution) {
    if (!execution.isCanceled()) {
      cause.note(execution);
    }
  }
}

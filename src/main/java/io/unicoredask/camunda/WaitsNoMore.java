package io.unicoredask.camunda;

import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.ExecutionListener;

/** Takes an activity that ends, in whichever way, from the record of those that wait. */
class WaitsNoMore implements ExecutionListener {

  private final DaskRuntime runtime;

  WaitsNoMore(DaskRuntime runtime) {
    this.runtime = runtime;
  }

  @Override
  public void notify(DelegateExecution execution) {
    ConflictRetries.concernsCluster();
    runtime.tables().waitsNoMore(execution.getId()).ifPresent(runtime::tellKeeper);
  }
}

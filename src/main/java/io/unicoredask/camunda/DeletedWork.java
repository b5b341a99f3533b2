package io.unicoredask.camunda;

import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.ExecutionListener;

/**
 * Sees it when the call of the process that works in a cluster is cancelled, as when that process
 * is deleted. Work that ends takes the cluster down as the model says; but the engine cancels the
 * call of a process that is deleted without going on behind it, so that the cluster would be left
 * alone.
 */
class DeletedWork implements ExecutionListener {

  private final DaskRuntime runtime;

  DeletedWork(DaskRuntime runtime) {
    this.runtime = runtime;
  }

  @Override
  public void notify(DelegateExecution execution) {
    if (execution.isCanceled()) {
      runtime
          .tables()
          .ofInstance(execution.getProcessInstanceId())
          .ifPresent(
              cluster -> {
                runtime.tables().workIsDeleted(cluster);
                runtime.tellKeeper(cluster);
              });
    }
  }
}

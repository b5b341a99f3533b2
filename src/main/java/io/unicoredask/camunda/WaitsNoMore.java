package io.unicoredask.camunda;

import io.unicoredask.camunda.engine.Transaction;
import java.time.Duration;
import java.time.Instant;
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
    Transaction.current().repeatOnConflict();
    end(execution);
  }

  /** What follows when the activity that is executed waits no more; twice does nothing. */
  void end(DelegateExecution execution) {
    boolean completed = !execution.isCanceled();
    ClusterTables tables = runtime.tables();
    tables
        .waitsNoMore(execution.getId())
        .ifPresent(
            wait -> {
              runtime.tellKeeper(wait.cluster());
              tables.site(wait.cluster()).ifPresent(site -> tell(site, wait, completed));
            });
  }

  private void tell(String site, PhaseRows.Wait wait, boolean completed) {
    Transaction.current()
        .whenCommitted(
            () ->
                runtime
                    .listener()
                    .waited(
                        site,
                        wait.phase(),
                        completed,
                        Duration.between(wait.since(), Instant.now())));
  }
}

package io.unicoredask.cluster.keeper;

import io.unicoredask.dask.SchedulerHttp;
import io.unicoredask.dask.SchedulerWorker;
import io.unicoredask.dask.WorkerLoad;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Asks a scheduler's HTTP server. */
record HttpContact(SchedulerHttp scheduler) implements SchedulerContact {

  @Override
  public boolean tellsByItself() {
    return false;
  }

  @Override
  public URI dashboard() {
    return USUAL_DASHBOARD;
  }

  @Override
  public Optional<String> missingDashboard() {
    return scheduler.missingDashboard();
  }

  @Override
  public Optional<List<SchedulerWorker>> workers() {
    return scheduler.workers();
  }

  @Override
  public int workerCount() {
    return scheduler.counts().workers();
  }

  @Override
  public OptionalInt wanted() {
    return scheduler.adaptiveTarget();
  }

  @Override
  public Optional<List<WorkerLoad>> loads() {
    return scheduler.loads();
  }

  @Override
  public void retire(Collection<String> addresses) {
    scheduler.retire(addresses);
  }

  @Override
  public boolean endsAsIdle() {
    return false;
  }
}

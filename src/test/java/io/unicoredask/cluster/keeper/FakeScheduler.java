package io.unicoredask.cluster.keeper;

import io.unicoredask.dask.Counts;
import io.unicoredask.dask.SchedulerHttp;
import io.unicoredask.dask.SchedulerHttpException;
import io.unicoredask.dask.SchedulerWorker;
import io.unicoredask.dask.WorkerLoad;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** A scheduler in memory, which notes what it is asked. */
class FakeScheduler implements SchedulerHttp {

  final List<String> calls = new ArrayList<>();
  final List<String> retired = new ArrayList<>();
  List<SchedulerWorker> workers = List.of();
  boolean tellsWorkersApart = true;
  Optional<List<WorkerLoad>> loads = Optional.empty();
  OptionalInt target = OptionalInt.empty();
  boolean silent;

  /** It has workers of these names. */
  FakeScheduler has(String... names) {
    workers =
        Arrays.stream(names).map(name -> new SchedulerWorker(name, "tcp://node:" + name)).toList();
    return this;
  }

  private void called(String what) {
    calls.add(what);
    if (silent) {
      throw new SchedulerHttpException("the scheduler does not answer");
    }
  }

  @Override
  public Counts counts() {
    called("counts");
    return new Counts(workers.size(), workers.size(), 0, 0, 0, 0, 0, 0);
  }

  @Override
  public Optional<List<SchedulerWorker>> workers() {
    called("workers");
    return tellsWorkersApart ? Optional.of(workers) : Optional.empty();
  }

  @Override
  public OptionalInt adaptiveTarget() {
    called("adaptiveTarget");
    return target;
  }

  @Override
  public Optional<List<WorkerLoad>> loads() {
    called("loads");
    return loads;
  }

  @Override
  public Optional<String> missingDashboard() {
    return Optional.empty();
  }

  @Override
  public Set<String> retire(Collection<String> addresses) {
    called("retire");
    retired.addAll(addresses);
    return Set.copyOf(addresses);
  }
}

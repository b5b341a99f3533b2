package io.unicoredask.cluster.keeper;

import io.unicoredask.dask.SchedulerHttpException;
import io.unicoredask.dask.SchedulerWorker;
import io.unicoredask.dask.WorkerLoad;
import io.unicoredask.relay.AgentException;
import io.unicoredask.relay.AgentReport;
import io.unicoredask.relay.RelayConnection;
import io.unicoredask.relay.SchedulerAgent;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Asks the agent in a scheduler, which has told most of it already. */
record AgentContact(RelayConnection relay, SchedulerAgent agent) implements SchedulerContact {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private AgentReport report() {
    return agent
        .report()
        .orElseThrow(
            () ->
                new SchedulerHttpException(
                    relay
                        .lastFailure()
                        .orElse(
                            "the agent in the scheduler has not said how it is yet; if it says nothing for long, see the scheduler's log")));
  }

  @Override
  public boolean tellsByItself() {
    return true;
  }

  @Override
  public URI dashboard() {
    return report().dashboard().orElse(USUAL_DASHBOARD);
  }

  @Override
  public Optional<String> missingDashboard() {
    return report().dashboard().isPresent()
        ? Optional.empty()
        : Optional.of(
            "the scheduler has no dashboard: its Python has no bokeh, or it was started with --no-dashboard");
  }

  @Override
  public Optional<List<SchedulerWorker>> workers() {
    return Optional.of(
        report().workers().stream()
            .map(worker -> new SchedulerWorker(worker.name(), worker.address()))
            .toList());
  }

  @Override
  public int workerCount() {
    return report().workers().size();
  }

  @Override
  public OptionalInt wanted() {
    return OptionalInt.of(asked(() -> agent.wanted(PATIENCE)));
  }

  @Override
  public Optional<List<WorkerLoad>> loads() {
    Map<String, String> names =
        report().workers().stream()
            .collect(
                Collectors.toMap(
                    AgentReport.Worker::address, AgentReport.Worker::name, (a, b) -> a));
    return Optional.of(
        asked(() -> agent.loads(PATIENCE)).stream()
            .filter(load -> names.containsKey(load.address()))
            .map(
                load ->
                    new WorkerLoad(names.get(load.address()), load.processing(), load.inMemory()))
            .toList());
  }

  @Override
  public void retire(Collection<String> addresses) {
    asked(() -> agent.retire(addresses, PATIENCE));
  }

  private static <T> T asked(Supplier<T> question) {
    try {
      return question.get();
    } catch (AgentException e) {
      throw new SchedulerHttpException(e.getMessage());
    }
  }

  @Override
  public boolean endsAsIdle() {
    return agent.report().flatMap(AgentReport::closing).filter("idle"::equals).isPresent();
  }
}

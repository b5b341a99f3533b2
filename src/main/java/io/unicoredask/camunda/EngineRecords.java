package io.unicoredask.camunda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unicoredask.camunda.engine.Executions;
import io.unicoredask.camunda.engine.Transaction;
import io.unicoredask.cluster.keeper.ClusterRecords;
import io.unicoredask.cluster.keeper.Outcome;
import io.unicoredask.cluster.keeper.Recorded;
import io.unicoredask.cluster.keeper.ScriptJob;
import io.unicoredask.cluster.keeper.ScriptRun;
import io.unicoredask.cluster.keeper.SideWriting;
import io.unicoredask.cluster.keeper.Superseded;
import io.unicoredask.cluster.keeper.Writing;
import io.unicoredask.cluster.request.ScriptRequest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.camunda.bpm.engine.SuspendedEntityInteractionException;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.runtime.Incident;
import org.camunda.bpm.engine.runtime.VariableInstance;

/** Keeps clusters on record in the engine's database, and tells the executions that wait. */
class EngineRecords implements ClusterRecords {

  /** The type of the incidents of clusters that cannot go on. */
  static final String INCIDENT_TYPE = "daskSite";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final EngineDatabase database;
  private final RecordedClusters clusters;
  private final StateWriter state;
  private final PhaseRows phases;
  private final ClusterTables tables;

  /**
   * @param node this node's name; only the one that leads writes
   */
  EngineRecords(EngineDatabase database, String node) {
    this.database = database;
    this.clusters = new RecordedClusters(database);
    this.state = new StateWriter(database, node);
    this.phases = new PhaseRows(database);
    this.tables = new ClusterTables(database);
  }

  @Override
  public List<Recorded> all() {
    return database.inTransaction(transaction -> clusters.all());
  }

  @Override
  public Optional<Recorded> find(String clusterId) {
    return database.inTransaction(transaction -> clusters.find(clusterId));
  }

  @Override
  public Map<String, Long> changedSince(long millis) {
    return clusters.changedSince(millis);
  }

  @Override
  public boolean isWaiting(String execution) {
    return phases.isWaiting(execution);
  }

  @Override
  public Optional<ScriptRun> script(String execution) {
    return phases
        .script(execution)
        .map(
            row ->
                new ScriptRun(
                    ScriptRequest.fromJson(row.request()),
                    Optional.ofNullable(row.state()).map(EngineRecords::scriptJob)));
  }

  private static ScriptJob scriptJob(String json) {
    try {
      return JSON.readValue(json, ScriptJob.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a script's record cannot be read", e);
    }
  }

  private static String json(ScriptJob job) {
    try {
      return JSON.writeValueAsString(job);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void write(Writing writing) {
    superseding(
        transaction -> {
          String cluster = writing.after().id();
          if (!state.write(writing.before(), writing.after(), writing.begun())) {
            throw new Superseded();
          }
          tables.lives().follow(writing.before(), writing.after(), () -> tables.request(cluster));
          reservePorts(writing);
          DelegateExecution instance =
              transaction
                  .execution(tables.instance(cluster).orElseThrow())
                  .orElseThrow(Superseded::new);
          // Nothing more is submitted for an instance that is suspended.
          if (writing.announcesJobs() && Executions.isSuspended(instance)) {
            throw new Superseded();
          }
          Outputs.write(instance, writing.outputs());
          tell(transaction, cluster, writing.outcomes());
        });
  }

  private void reservePorts(Writing writing) {
    reserve(writing.before().localPort(), writing.after().localPort(), writing.after().id());
    reserve(
        writing.before().localDashboardPort(),
        writing.after().localDashboardPort(),
        writing.after().id());
  }

  /** One that the operating system chose may be reserved by a cluster that still queues. */
  private void reserve(Integer before, Integer after, String cluster) {
    if (after == null || after == 0 || Objects.equals(before, after)) {
      return;
    }
    Optional<String> owner = tables.ports().ownerOf(after);
    if (owner.isEmpty()) {
      tables.ports().reserve(after, cluster);
    } else if (!owner.get().equals(cluster)) {
      throw new Superseded();
    }
  }

  private void tell(Transaction transaction, String cluster, Map<String, Outcome> outcomes) {
    if (outcomes.isEmpty()) {
      return;
    }
    Set<String> waiting = phases.executions(cluster);
    outcomes.forEach(
        (execution, outcome) -> {
          if (waiting.contains(execution) && phases.isWaiting(execution)) {
            signal(transaction, execution, outcome);
          }
        });
  }

  private static void signal(Transaction transaction, String execution, Outcome outcome) {
    transaction.engine().getRuntimeService().signal(execution, null, outcome, null);
  }

  @Override
  public void write(SideWriting writing) {
    superseding(
        transaction -> {
          String execution = writing.execution();
          boolean waits =
              writing.script().isPresent()
                  ? phases.writeScript(execution, json(writing.script().get()))
                  : phases.isWaiting(execution);
          if (!waits) {
            throw new Superseded();
          }
          transaction
              .execution(execution)
              .ifPresent(waiting -> Outputs.write(waiting, writing.outputs()));
          writing.outcome().ifPresent(outcome -> signal(transaction, execution, outcome));
        });
  }

  private void superseding(Consumer<Transaction> work) {
    try {
      database.inTransaction(
          transaction -> {
            try {
              work.accept(transaction);
            } catch (Superseded e) {
              // The engine logs whatever else rolls a transaction back as an error of its own.
              throw new OptimisticLockingException(e.getMessage());
            }
            return null;
          });
    } catch (OptimisticLockingException | SuspendedEntityInteractionException e) {
      throw new Superseded(e);
    }
  }

  @Override
  public void openIncident(String execution, String message) {
    database.inTransaction(
        transaction -> {
          transaction
              .execution(execution)
              .filter(waiting -> Executions.incidents(waiting, INCIDENT_TYPE).isEmpty())
              .ifPresent(
                  waiting ->
                      waiting.createIncident(
                          INCIDENT_TYPE, execution, TextColumn.fitting(message)));
          return null;
        });
  }

  @Override
  public Set<String> incidents() {
    return database.inTransaction(
        transaction ->
            transaction
                .engine()
                .getRuntimeService()
                .createIncidentQuery()
                .incidentType(INCIDENT_TYPE)
                .list()
                .stream()
                .map(Incident::getExecutionId)
                .collect(Collectors.toSet()));
  }

  @Override
  public Map<String, Map<String, Object>> told(Set<String> variables) {
    return database.inTransaction(
        transaction -> {
          Map<String, Map<String, Object>> told =
              transaction
                  .engine()
                  .getRuntimeService()
                  .createVariableInstanceQuery()
                  .variableNameIn(variables.toArray(String[]::new))
                  .list()
                  .stream()
                  .filter(variable -> variable.getValue() instanceof String)
                  .collect(
                      Collectors.groupingBy(
                          VariableInstance::getProcessInstanceId,
                          Collectors.toMap(
                              VariableInstance::getName,
                              VariableInstance::getValue,
                              (one, other) -> one)));
          return tables.instances().entrySet().stream()
              .filter(cluster -> told.containsKey(cluster.getValue()))
              .collect(
                  Collectors.toMap(Map.Entry::getKey, cluster -> told.get(cluster.getValue())));
        });
  }

  @Override
  public void resolveIncident(String execution) {
    database.inTransaction(
        transaction -> {
          transaction
              .execution(execution)
              .ifPresent(
                  waiting ->
                      Executions.incidents(waiting, INCIDENT_TYPE)
                          .forEach(waiting::resolveIncident));
          return null;
        });
  }
}

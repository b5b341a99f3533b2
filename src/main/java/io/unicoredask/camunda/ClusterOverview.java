package io.unicoredask.camunda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unicoredask.camunda.ClusterDetails.Job;
import io.unicoredask.camunda.ClusterDetails.Wait;
import io.unicoredask.camunda.ClusterDetails.Workers;
import io.unicoredask.camunda.Lives.Life;
import io.unicoredask.camunda.engine.Authorizations;
import io.unicoredask.camunda.engine.Transaction;
import io.unicoredask.cluster.IsoTime;
import io.unicoredask.cluster.keeper.Cluster;
import io.unicoredask.cluster.keeper.Recorded;
import io.unicoredask.cluster.site.Sites;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.ProcessEngineServices;
import org.camunda.bpm.engine.authorization.ProcessDefinitionPermissions;
import org.camunda.bpm.engine.authorization.ProcessInstancePermissions;
import org.camunda.bpm.engine.authorization.Resources;
import org.camunda.bpm.engine.runtime.EventSubscription;
import org.camunda.bpm.engine.runtime.VariableInstance;

/**
 * What there is to see of clusters, those that live and those that are over, by who makes the call:
 * as the engine lets them. No site is asked.
 */
public final class ClusterOverview {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What is done with a cluster, by the message that does it. */
  private static final Map<String, String> MESSAGES =
      Map.of(
          "dask-cluster-scale", "scale",
          "dask-cluster-logs", "logs",
          "dask-cluster-teardown", "teardown");

  private final EngineDatabase database;
  private final ProcessEngineServices engine;
  private final ShownJobs jobs;

  ClusterOverview(EngineDatabase database, ProcessEngine engine, Sites sites) {
    this.database = database;
    this.engine = engine;
    this.jobs = new ShownJobs(sites);
  }

  /** Some of the clusters that are looked for, and how many there are. */
  public ClusterPage page(ClusterFilter filter) {
    return database.inTransaction(
        transaction -> {
          Lives lives = new Lives(database, transaction);
          List<Life> page = lives.page(filter);
          Map<String, String> progress = progress(page);
          return new ClusterPage(
              lives.count(filter),
              page.stream()
                  .map(
                      life ->
                          life.isOver()
                              ? life.summary()
                              : life.summary().withProgress(progress.get(life.instance())))
                  .toList());
        });
  }

  /** By process instance, what is waited for. */
  private Map<String, String> progress(List<Life> lives) {
    String[] instances =
        lives.stream().map(Life::instance).filter(Objects::nonNull).toArray(String[]::new);
    return instances.length == 0
        ? Map.of()
        : engine
            .getRuntimeService()
            .createVariableInstanceQuery()
            .processInstanceIdIn(instances)
            .variableName(DaskVariables.CLUSTER_PROGRESS)
            .list()
            .stream()
            .filter(variable -> variable.getValue() instanceof String)
            .collect(
                Collectors.toMap(
                    VariableInstance::getProcessInstanceId,
                    variable -> (String) variable.getValue(),
                    (one, other) -> one));
  }

  /**
   * All that is shown of a process instance's cluster, the newest if it had several.
   *
   * @param instance that which has asked for the cluster, or which ends it
   * @return nothing if there is no such cluster that the caller may see
   */
  public Optional<ClusterDetails> details(String instance) {
    return database.inTransaction(
        transaction ->
            new Lives(database, transaction)
                .ofInstance(instance)
                .map(life -> life.isOver() ? over(life) : living(life, transaction)));
  }

  private ClusterDetails over(Life life) {
    ShownVariables variables = ShownVariables.historic(engine, life.summary().id());
    return details(life, null, variables, List.of(), ended(variables), List.of());
  }

  private ClusterDetails living(Life life, Transaction transaction) {
    ShownVariables now = ShownVariables.running(engine, life.instance());
    ShownVariables given =
        life.isWhereItBegan() ? now : ShownVariables.historic(engine, life.summary().id());
    String progress = now.text(DaskVariables.CLUSTER_PROGRESS);
    Optional<Cluster> cluster =
        new RecordedClusters(database).find(life.cluster()).map(Recorded::cluster);
    List<Wait> waits =
        cluster
            .map(one -> new ClusterWaits(database, transaction).of(one, life.instance(), progress))
            .orElse(List.of());
    return details(
        life,
        progress,
        given,
        waits,
        cluster.map(jobs::of).orElse(List.of()),
        may(life, transaction.authorizations()));
  }

  private ClusterDetails details(
      Life life,
      String progress,
      ShownVariables variables,
      List<Wait> waits,
      List<Job> jobs,
      List<String> may) {
    String warnings = variables.text(DaskVariables.CLUSTER_WARNING);
    return new ClusterDetails(
        life.summary().withProgress(progress),
        waits,
        jobs,
        workers(life),
        variables.text(DaskVariables.SCHEDULER_ADDRESS),
        variables.text(DaskVariables.DASHBOARD_URL),
        variables.text(DaskVariables.EXPECTED_START),
        variables.text(DaskVariables.SCHEDULER_ENDS_AT),
        warnings == null ? List.of() : List.of(warnings.split("\n")),
        variables.given(),
        may);
  }

  private List<Workers> workers(Life life) {
    return new WorkerRows(database)
        .read(life.id()).stream()
            .map(one -> new Workers(IsoTime.of(one.at()), one.connected(), one.wanted()))
            .toList();
  }

  /** Of one that is over, its variables name the jobs. */
  private static List<Job> ended(ShownVariables variables) {
    List<Job> ended = new ArrayList<>();
    String allocation = variables.text(DaskVariables.ALLOCATION_URL);
    if (allocation != null) {
      ended.add(ShownJobs.ended("allocation", allocation));
    }
    String scheduler = variables.text(DaskVariables.SCHEDULER_JOB_URL);
    if (scheduler != null) {
      ended.add(ShownJobs.ended("scheduler", scheduler));
    }
    for (JsonNode worker : list(variables.json(DaskVariables.WORKER_JOB_URLS))) {
      ended.add(ShownJobs.ended("worker", worker.asText()));
    }
    return ended;
  }

  private static JsonNode list(String json) {
    try {
      return json == null ? JSON.createArrayNode() : JSON.readTree(json);
    } catch (JsonProcessingException e) {
      return JSON.createArrayNode();
    }
  }

  /** What the instance waits to be told, if they may tell it. */
  private List<String> may(Life life, Authorizations authorizations) {
    boolean mayUpdate =
        authorizations.allow(
                ProcessInstancePermissions.UPDATE, Resources.PROCESS_INSTANCE, life.instance())
            || authorizations.allow(
                ProcessDefinitionPermissions.UPDATE_INSTANCE,
                Resources.PROCESS_DEFINITION,
                life.summary().process());
    return mayUpdate
        ? engine
            .getRuntimeService()
            .createEventSubscriptionQuery()
            .processInstanceId(life.instance())
            .eventType("message")
            .list()
            .stream()
            .map(EventSubscription::getEventName)
            .filter(MESSAGES::containsKey)
            .map(MESSAGES::get)
            .distinct()
            .sorted()
            .toList()
        : List.of();
  }
}

package io.unicoredask.camunda;

import io.unicoredask.cluster.ClusterStatus;
import io.unicoredask.cluster.request.ClusterRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.history.HistoricProcessInstance;
import org.camunda.bpm.engine.runtime.ProcessInstance;

/**
 * Keeps the lives of clusters in step with the engine. Nodes of an earlier version know nothing of
 * them: what those begin is added, what they end is ended. A life that is over goes when the engine
 * has removed the history of its process instance, as its history time to live says, or within an
 * hour.
 */
class LifeUpkeep {

  private static final Duration EVERY = Duration.ofHours(1);

  private final ProcessEngine engine;
  private final EngineDatabase database;
  private final LifeRows lives;
  private final InstantSource clock;
  private Instant nextForgetting = Instant.MIN;

  LifeUpkeep(ProcessEngine engine, EngineDatabase database, InstantSource clock) {
    this.engine = engine;
    this.database = database;
    this.lives = new LifeRows(database);
    this.clock = clock;
  }

  private record Unknown(String cluster, String instance, String site, String user, String json) {}

  void round() {
    String clusters = database.table("CLUSTER");
    database
        .query(
            jdbc ->
                jdbc.query(
                    "SELECT L.CLUSTER_ID_, L.INSTANCE_ID_ FROM %s L WHERE L.ENDED_ IS NULL AND NOT EXISTS (SELECT 1 FROM %s C WHERE C.ID_ = L.CLUSTER_ID_)"
                        .formatted(database.table("LIFE"), clusters),
                    (row, number) -> Map.entry(row.getString(1), row.getString(2))))
        .forEach(over -> end(over.getKey(), over.getValue()));
    database
        .query(
            jdbc ->
                jdbc.query(
                    "SELECT C.ID_, C.PROCESS_INSTANCE_ID_, C.SITE_, C.IDENTITY_, C.OWNER_, C.REQUEST_ FROM %s C WHERE NOT EXISTS (SELECT 1 FROM %s L WHERE L.CLUSTER_ID_ = C.ID_ AND L.ENDED_ IS NULL)"
                        .formatted(clusters, database.table("LIFE")),
                    (row, number) ->
                        new Unknown(
                            row.getString(1),
                            row.getString(2),
                            SiteColumn.read(
                                row.getString(3), SiteColumn.identity(row.getString(4))),
                            row.getString(5),
                            row.getString(6))))
        .forEach(this::add);
    if (!clock.instant().isBefore(nextForgetting)) {
      lives.forget(engine.getManagementService().getTableName(HistoricProcessInstance.class));
      nextForgetting = clock.instant().plus(EVERY);
    }
  }

  private void end(String cluster, String instance) {
    ShownVariables outputs = ShownVariables.historic(engine, instance);
    lives.end(
        cluster,
        ClusterStatus.FAILED.name().equals(outputs.text(DaskVariables.CLUSTER_STATUS))
            ? ClusterStatus.FAILED
            : ClusterStatus.STOPPED,
        outputs.text(DaskVariables.ENDED_BY),
        outputs.text(DaskVariables.ERROR_CODE),
        outputs.text(DaskVariables.ERROR_MESSAGE));
  }

  private void add(Unknown cluster) {
    ProcessInstance instance =
        engine
            .getRuntimeService()
            .createProcessInstanceQuery()
            .processInstanceId(cluster.instance())
            .singleResult();
    if (instance == null) {
      return;
    }
    HistoricProcessInstance history =
        engine
            .getHistoryService()
            .createHistoricProcessInstanceQuery()
            .processInstanceId(cluster.instance())
            .singleResult();
    lives.add(
        new LifeRows.Begun(
            cluster.cluster(),
            instance.getId(),
            instance.getBusinessKey(),
            engine
                .getRepositoryService()
                .getProcessDefinition(instance.getProcessDefinitionId())
                .getKey(),
            cluster.site(),
            cluster.user(),
            instance.getTenantId(),
            ClusterRequest.fromJson(cluster.json()).size().toString(),
            history == null ? clock.millis() : history.getStartTime().getTime()),
        ShownVariables.running(engine, instance.getId()).text(DaskVariables.CLUSTER_STATUS));
  }
}

package io.unicoredask.camunda;

import io.unicoredask.cluster.keeper.Cluster;
import io.unicoredask.cluster.keeper.ClusterIdentity;
import io.unicoredask.cluster.keeper.Demand;
import io.unicoredask.cluster.keeper.Recorded;
import io.unicoredask.cluster.keeper.Waiting;
import io.unicoredask.cluster.request.ClusterRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads whole clusters: what is wanted of them, how far they are, their jobs and who waits. */
class RecordedClusters {

  private final EngineDatabase database;
  private final JobRows jobs;
  private final PhaseRows phases;
  private final String table;

  RecordedClusters(EngineDatabase database) {
    this.database = database;
    this.jobs = new JobRows(database);
    this.phases = new PhaseRows(database);
    this.table = database.table("CLUSTER");
  }

  private record Row(
      Cluster cluster,
      String instance,
      String name,
      String request,
      long changed,
      boolean deleted) {}

  List<Recorded> all() {
    return recorded(null);
  }

  Optional<Recorded> find(String cluster) {
    return recorded(cluster).stream().findFirst();
  }

  /** All clusters, without what is wanted of them. */
  List<Cluster> clusters() {
    return rows(null).stream().map(Row::cluster).toList();
  }

  /** When those were changed last that have been since then, both in milliseconds. */
  Map<String, Long> changedSince(long millis) {
    return database.query(
        jdbc ->
            jdbc
                .query(
                    "SELECT ID_, CHANGED_ FROM %s WHERE CHANGED_ >= ?".formatted(table),
                    (row, number) -> Map.entry(row.getString(1), row.getLong(2)),
                    millis)
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  /** All if null. */
  private List<Recorded> recorded(String cluster) {
    Map<String, List<Waiting>> waiting = phases.read(cluster);
    return rows(cluster).stream()
        .map(
            row ->
                new Recorded(
                    row.cluster(),
                    new Demand(
                        row.name(),
                        ClusterRequest.fromJson(row.request()),
                        waiting.getOrDefault(row.cluster().id(), List.of()),
                        row.deleted()),
                    row.changed(),
                    database.logNames().ofKeeper(row.instance(), row.name())))
        .toList();
  }

  private List<Row> rows(String cluster) {
    Map<String, JobRows.Jobs> all = jobs.read(cluster);
    String sql =
        "SELECT ID_, SITE_, OWNER_, IDENTITY_, PROCESS_INSTANCE_ID_, NAME_, REQUEST_, CHANGED_, WORK_DELETED_, %s FROM %s%s"
            .formatted(StateColumns.names(), table, cluster == null ? "" : " WHERE ID_ = ?");
    return database.query(
        jdbc ->
            jdbc.query(
                sql,
                (row, number) ->
                    row(row, all.getOrDefault(row.getString("ID_"), JobRows.Jobs.NONE)),
                cluster == null ? new Object[0] : new Object[] {cluster}));
  }

  private static Row row(ResultSet row, JobRows.Jobs jobs) throws SQLException {
    ClusterIdentity identity = SiteColumn.identity(row.getString("IDENTITY_"));
    Cluster cluster =
        StateColumns.read(row)
            .id(row.getString("ID_"))
            .site(SiteColumn.read(row.getString("SITE_"), identity))
            .owner(row.getString("OWNER_"))
            .identity(identity)
            .allocation(jobs.allocation())
            .scheduler(jobs.scheduler())
            .workers(jobs.workers())
            .build();
    return new Row(
        cluster,
        row.getString("PROCESS_INSTANCE_ID_"),
        row.getString("NAME_"),
        row.getString("REQUEST_"),
        row.getLong("CHANGED_"),
        row.getInt("WORK_DELETED_") != 0);
  }
}

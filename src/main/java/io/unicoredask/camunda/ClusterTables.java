package io.unicoredask.camunda;

import io.unicoredask.camunda.node.Leadership;
import io.unicoredask.cluster.keeper.AllocationJob;
import io.unicoredask.cluster.keeper.Cluster;
import io.unicoredask.cluster.keeper.Cluster.Growth;
import io.unicoredask.cluster.keeper.ClusterBuilder;
import io.unicoredask.cluster.keeper.Demand;
import io.unicoredask.cluster.keeper.Phase;
import io.unicoredask.cluster.keeper.Recorded;
import io.unicoredask.cluster.keeper.Waiting;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.request.TunnelKind;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Clusters in the database. Columns of two writers: the engine's transactions write what is wanted,
 * and the cluster's keeper how far it is; neither touches the other's.
 */
class ClusterTables {

  private static final String STATE =
      "NEXT_WORKER_ = ?, GROWTH_ = ?, FIRST_NEW_ = ?, REPLACEMENTS_ = ?, ADAPTED_TO_ = ?,"
          + " RESTARTS_ = ?, CONNECTED_WORKERS_ = ?, TUNNEL_ = ?, LOCAL_PORT_ = ?,"
          + " LOCAL_DASHBOARD_PORT_ = ?, REACHED_ = ?, READY_SINCE_ = ?, WARNINGS_ = ?";

  private static final String CLUSTER =
      "ID_, SITE_, NAME_, REQUEST_, CHANGED_, WORK_DELETED_, NEXT_WORKER_, GROWTH_, FIRST_NEW_,"
          + " REPLACEMENTS_, ADAPTED_TO_, RESTARTS_, CONNECTED_WORKERS_, TUNNEL_, LOCAL_PORT_,"
          + " LOCAL_DASHBOARD_PORT_, REACHED_, READY_SINCE_, WARNINGS_";

  private final EngineDatabase database;
  private final JobRows jobs;
  private final String clusters;
  private final String phases;
  private final String ports;
  private final String locks;

  ClusterTables(EngineDatabase database) {
    this.database = database;
    this.jobs = new JobRows(database.table("JOB"));
    this.clusters = database.table("CLUSTER");
    this.phases = database.table("PHASE");
    this.ports = database.table("PORT");
    this.locks = database.table("LOCK");
  }

  private record Row(Cluster cluster, String name, String request, long changed, boolean deleted) {}

  private record PhaseRow(String cluster, Waiting waiting) {}

  /** A cluster of which nothing exists yet. */
  void insert(String id, String instance, String name, ClusterRequest request) {
    Cluster planned = Cluster.planned(id, request.site());
    database.query(
        jdbc ->
            jdbc.update(
                "INSERT INTO %s (ID_, SITE_, PROCESS_INSTANCE_ID_, NAME_, REQUEST_, CHANGED_, WORK_DELETED_, NEXT_WORKER_, GROWTH_, FIRST_NEW_, REPLACEMENTS_, RESTARTS_, REACHED_) VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?, 0, 0, 0)"
                    .formatted(clusters),
                id,
                request.site(),
                instance,
                name,
                request.toJson(),
                now(),
                planned.nextWorker(),
                planned.growth().name(),
                planned.firstNew()));
  }

  /** The id of the cluster that this process instance has; nothing if it has none. */
  Optional<String> ofInstance(String instance) {
    return database
        .query(
            jdbc ->
                jdbc.queryForList(
                    "SELECT ID_ FROM %s WHERE PROCESS_INSTANCE_ID_ = ?".formatted(clusters),
                    String.class,
                    instance))
        .stream()
        .findFirst();
  }

  /** The process instance that has the cluster; nothing if there is no such cluster. */
  Optional<String> instance(String cluster) {
    return database
        .query(
            jdbc ->
                jdbc.queryForList(
                    "SELECT PROCESS_INSTANCE_ID_ FROM %s WHERE ID_ = ?".formatted(clusters),
                    String.class,
                    cluster))
        .stream()
        .findFirst();
  }

  /** Hands a cluster over to another process instance. */
  void give(String cluster, String instance) {
    database.query(
        jdbc ->
            jdbc.update(
                "UPDATE %s SET PROCESS_INSTANCE_ID_ = ?, CHANGED_ = ? WHERE ID_ = ?"
                    .formatted(clusters),
                instance,
                now(),
                cluster));
  }

  ClusterRequest request(String cluster) {
    return ClusterRequest.fromJson(
        database.query(
            jdbc ->
                jdbc.queryForObject(
                    "SELECT REQUEST_ FROM %s WHERE ID_ = ?".formatted(clusters),
                    String.class,
                    cluster)));
  }

  void ask(String cluster, ClusterRequest request) {
    database.query(
        jdbc ->
            jdbc.update(
                "UPDATE %s SET REQUEST_ = ?, CHANGED_ = ? WHERE ID_ = ?".formatted(clusters),
                request.toJson(),
                now(),
                cluster));
  }

  void workIsDeleted(String cluster) {
    database.query(
        jdbc ->
            jdbc.update(
                "UPDATE %s SET WORK_DELETED_ = 1, CHANGED_ = ? WHERE ID_ = ?".formatted(clusters),
                now(),
                cluster));
  }

  private void touch(JdbcTemplate jdbc, String cluster) {
    jdbc.update("UPDATE %s SET CHANGED_ = ? WHERE ID_ = ?".formatted(clusters), now(), cluster);
  }

  private static long now() {
    return System.currentTimeMillis();
  }

  /** Deletes a cluster that is over. */
  void delete(String cluster) {
    database.query(
        jdbc -> {
          jdbc.update("DELETE FROM %s WHERE CLUSTER_ID_ = ?".formatted(ports), cluster);
          jobs.delete(jdbc, cluster);
          return jdbc.update("DELETE FROM %s WHERE ID_ = ?".formatted(clusters), cluster);
        });
  }

  /** Notes that an activity waits. */
  void waits(String execution, String cluster, Phase phase, String request) {
    database.query(
        jdbc -> {
          touch(jdbc, cluster);
          return jdbc.update(
              "INSERT INTO %s (EXECUTION_ID_, CLUSTER_ID_, PHASE_, SINCE_, BEGUN_, REQUEST_) VALUES (?, ?, ?, ?, 0, ?)"
                  .formatted(phases),
              execution,
              cluster,
              phase.name(),
              now(),
              request);
        });
  }

  /** Notes that it waits no more; returns the cluster that it waited for. */
  Optional<String> waitsNoMore(String execution) {
    return database.query(
        jdbc -> {
          Optional<String> cluster =
              jdbc
                  .queryForList(
                      "SELECT CLUSTER_ID_ FROM %s WHERE EXECUTION_ID_ = ?".formatted(phases),
                      String.class,
                      execution)
                  .stream()
                  .findFirst();
          cluster.ifPresent(
              id -> {
                touch(jdbc, id);
                jdbc.update("DELETE FROM %s WHERE EXECUTION_ID_ = ?".formatted(phases), execution);
              });
          return cluster;
        });
  }

  /** What a waiting script is asked for and how far it is; both may be null. */
  Optional<String[]> script(String execution) {
    return database
        .query(
            jdbc ->
                jdbc.query(
                    "SELECT REQUEST_, STATE_ FROM %s WHERE EXECUTION_ID_ = ?".formatted(phases),
                    (row, number) -> new String[] {row.getString(1), row.getString(2)},
                    execution))
        .stream()
        .findFirst();
  }

  /** Returns whether it still waits. */
  boolean writeScript(String execution, String state) {
    return database.query(
            jdbc ->
                jdbc.update(
                    "UPDATE %s SET STATE_ = ? WHERE EXECUTION_ID_ = ?".formatted(phases),
                    state,
                    execution))
        > 0;
  }

  boolean isWaiting(String execution) {
    return script(execution).isPresent();
  }

  /** Whether the job is an allocation that was made for one of the clusters at the site. */
  boolean isOwnAllocation(String site, URI job) {
    return database.query(
            jdbc ->
                jdbc.queryForObject(
                    "SELECT COUNT(*) FROM %s J JOIN %s C ON C.ID_ = J.CLUSTER_ID_ WHERE J.JOB_ = ? AND C.SITE_ = ? AND J.PURPOSE_ = 'allocation' AND J.OWN_ = 1"
                        .formatted(database.table("JOB"), clusters),
                    Integer.class,
                    job.toString(),
                    site))
        > 0;
  }

  /** Whose the port is; nothing if it is nobody's. */
  Optional<String> ownerOf(int port) {
    return database
        .query(
            jdbc ->
                jdbc.queryForList(
                    "SELECT CLUSTER_ID_ FROM %s WHERE PORT_ = ?".formatted(ports),
                    String.class,
                    port))
        .stream()
        .findFirst();
  }

  /** Two that want the same cannot both get it. */
  void reserve(int port, String cluster) {
    database.query(
        jdbc ->
            jdbc.update(
                "INSERT INTO %s (PORT_, CLUSTER_ID_) VALUES (?, ?)".formatted(ports),
                port,
                cluster));
  }

  /**
   * Writes how far a cluster is.
   *
   * @param leader the node that may
   * @return whether it was written: the cluster is there, and that node looks after it
   */
  boolean write(Cluster before, Cluster after, Set<String> begun, String leader) {
    return database.query(
        jdbc -> {
          int written =
              jdbc.update(
                  "UPDATE %s SET %s WHERE ID_ = ? AND EXISTS (SELECT 1 FROM %s WHERE name = ? AND locked_by = ?)"
                      .formatted(clusters, STATE, locks),
                  after.nextWorker(),
                  after.growth().name(),
                  after.firstNew(),
                  after.replacements(),
                  after.adaptedTo(),
                  after.restarts(),
                  after.connectedWorkers(),
                  after.tunnel() == null ? null : after.tunnel().name(),
                  after.localPort(),
                  after.localDashboardPort(),
                  after.reached() ? 1 : 0,
                  after.readySince(),
                  after.warnings().isEmpty() ? null : String.join("\n", after.warnings()),
                  after.id(),
                  Leadership.LOCK,
                  leader);
          if (written == 0) {
            return false;
          }
          jobs.write(jdbc, before, after);
          begun.forEach(
              execution ->
                  jdbc.update(
                      "UPDATE %s SET BEGUN_ = 1 WHERE EXECUTION_ID_ = ?".formatted(phases),
                      execution));
          return true;
        });
  }

  /** The executions of activities that wait for the cluster. */
  Set<String> waiting(String cluster) {
    return Set.copyOf(
        database.query(
            jdbc ->
                jdbc.queryForList(
                    "SELECT EXECUTION_ID_ FROM %s WHERE CLUSTER_ID_ = ?".formatted(phases),
                    String.class,
                    cluster)));
  }

  Map<String, Long> changedSince(long millis) {
    return database.query(
        jdbc ->
            jdbc
                .query(
                    "SELECT ID_, CHANGED_ FROM %s WHERE CHANGED_ >= ?".formatted(clusters),
                    (row, number) -> Map.entry(row.getString(1), row.getLong(2)),
                    millis)
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  /** All clusters, without what is wanted of them. */
  List<Cluster> clusters() {
    return rows(null).stream().map(Row::cluster).toList();
  }

  List<Recorded> all() {
    return recorded(null);
  }

  Optional<Recorded> find(String cluster) {
    return recorded(cluster).stream().findFirst();
  }

  private List<Recorded> recorded(String cluster) {
    Map<String, List<Waiting>> waiting =
        phases(cluster).stream()
            .collect(
                Collectors.groupingBy(
                    PhaseRow::cluster, Collectors.mapping(PhaseRow::waiting, Collectors.toList())));
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
                    row.changed()))
        .toList();
  }

  private List<PhaseRow> phases(String cluster) {
    String sql =
        "SELECT EXECUTION_ID_, CLUSTER_ID_, PHASE_, SINCE_, BEGUN_ FROM %s%s ORDER BY SINCE_"
            .formatted(phases, cluster == null ? "" : " WHERE CLUSTER_ID_ = ?");
    return database.query(
        jdbc ->
            jdbc.query(
                sql,
                (row, number) ->
                    new PhaseRow(
                        row.getString(2),
                        new Waiting(
                            row.getString(1),
                            Phase.valueOf(row.getString(3)),
                            Instant.ofEpochMilli(row.getLong(4)),
                            row.getInt(5) != 0)),
                arguments(cluster)));
  }

  private static Object[] arguments(String cluster) {
    return cluster == null ? new Object[0] : new Object[] {cluster};
  }

  private List<Row> rows(String cluster) {
    Map<String, JobRows.Jobs> all = database.query(jdbc -> jobs.read(jdbc, cluster));
    String sql =
        "SELECT %s FROM %s%s".formatted(CLUSTER, clusters, cluster == null ? "" : " WHERE ID_ = ?");
    return database.query(
        jdbc ->
            jdbc.query(
                sql,
                (row, number) ->
                    row(row, all.getOrDefault(row.getString("ID_"), JobRows.Jobs.NONE)),
                arguments(cluster)));
  }

  private static Row row(ResultSet row, JobRows.Jobs jobs) throws SQLException {
    String warnings = row.getString("WARNINGS_");
    String tunnel = row.getString("TUNNEL_");
    AllocationJob allocation = jobs.allocation();
    Cluster cluster =
        ClusterBuilder.builder()
            .id(row.getString("ID_"))
            .site(row.getString("SITE_"))
            .allocation(allocation)
            .scheduler(jobs.scheduler())
            .workers(jobs.workers())
            .nextWorker(row.getInt("NEXT_WORKER_"))
            .growth(Growth.valueOf(row.getString("GROWTH_")))
            .firstNew(row.getInt("FIRST_NEW_"))
            .replacements(row.getInt("REPLACEMENTS_"))
            .adaptedTo(integer(row, "ADAPTED_TO_"))
            .restarts(row.getInt("RESTARTS_"))
            .connectedWorkers(integer(row, "CONNECTED_WORKERS_"))
            .tunnel(tunnel == null ? null : TunnelKind.valueOf(tunnel))
            .localPort(integer(row, "LOCAL_PORT_"))
            .localDashboardPort(integer(row, "LOCAL_DASHBOARD_PORT_"))
            .reached(row.getInt("REACHED_") != 0)
            .readySince(number(row, "READY_SINCE_"))
            .warnings(warnings == null ? List.of() : List.of(warnings.split("\n")))
            .build();
    return new Row(
        cluster,
        row.getString("NAME_"),
        row.getString("REQUEST_"),
        row.getLong("CHANGED_"),
        row.getInt("WORK_DELETED_") != 0);
  }

  static Integer integer(ResultSet row, String column) throws SQLException {
    int value = row.getInt(column);
    return row.wasNull() ? null : value;
  }

  private static Long number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }

  /** Clusters whose process instance is no more, as after a change of the tables by hand. */
  Collection<String> orphans(String executions) {
    return database.query(
        jdbc ->
            jdbc.queryForList(
                "SELECT C.ID_ FROM %s C LEFT JOIN %s E ON E.ID_ = C.PROCESS_INSTANCE_ID_ WHERE E.ID_ IS NULL"
                    .formatted(clusters, executions),
                String.class));
  }
}

package io.unicoredask.camunda;

import io.unicoredask.cluster.keeper.Phase;
import io.unicoredask.cluster.keeper.Waiting;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The activities that wait for clusters, a row each, and how far the scripts of some are. */
class PhaseRows {

  private final EngineDatabase database;
  private final String table;

  PhaseRows(EngineDatabase database) {
    this.database = database;
    this.table = database.table("PHASE");
  }

  /**
   * What an activity waits for.
   *
   * @param cluster the cluster's id
   * @param since when it began
   */
  record Wait(String cluster, Phase phase, Instant since) {}

  private record Row(String cluster, Waiting waiting) {}

  /**
   * What a script that waits to be run, or runs, has on record.
   *
   * @param request what is asked for; null if the activity runs no script
   * @param state how far it is; null if it is not known to be submitted
   */
  record Script(String request, String state) {}

  void insert(
      String execution, String cluster, Phase phase, long since, String request, Long nodes) {
    database.update(
        "INSERT INTO %s (EXECUTION_ID_, CLUSTER_ID_, PHASE_, SINCE_, BEGUN_, REQUEST_, NODES_) VALUES (?, ?, ?, ?, 0, ?, ?)"
            .formatted(table),
        execution,
        cluster,
        phase.name(),
        since,
        request,
        nodes);
  }

  void delete(String execution) {
    database.update("DELETE FROM %s WHERE EXECUTION_ID_ = ?".formatted(table), execution);
  }

  /** What its keeper has put down that its beginning means for the cluster. */
  void isBegun(String execution) {
    database.update("UPDATE %s SET BEGUN_ = 1 WHERE EXECUTION_ID_ = ?".formatted(table), execution);
  }

  /** What it waits for; nothing if it does not wait (any more). */
  Optional<Wait> wait(String execution) {
    return database
        .query(
            jdbc ->
                jdbc.query(
                    "SELECT CLUSTER_ID_, PHASE_, SINCE_ FROM %s WHERE EXECUTION_ID_ = ?"
                        .formatted(table),
                    (row, number) ->
                        new Wait(
                            row.getString(1),
                            Phase.valueOf(row.getString(2)),
                            Instant.ofEpochMilli(row.getLong(3))),
                    execution))
        .stream()
        .findFirst();
  }

  /** The cluster that it waits for; nothing if it does not wait (any more). */
  Optional<String> cluster(String execution) {
    return wait(execution).map(Wait::cluster);
  }

  boolean isWaiting(String execution) {
    return cluster(execution).isPresent();
  }

  /** The executions of activities that wait for the cluster. */
  Set<String> executions(String cluster) {
    return Set.copyOf(
        database.texts(
            "SELECT EXECUTION_ID_ FROM %s WHERE CLUSTER_ID_ = ?".formatted(table), cluster));
  }

  /** By cluster, of all or of one (null: all), those that wait, oldest first. */
  Map<String, List<Waiting>> read(String cluster) {
    String sql =
        "SELECT EXECUTION_ID_, CLUSTER_ID_, PHASE_, SINCE_, BEGUN_ FROM %s%s ORDER BY SINCE_"
            .formatted(table, cluster == null ? "" : " WHERE CLUSTER_ID_ = ?");
    return database
        .query(
            jdbc ->
                jdbc.query(
                    sql,
                    (row, number) ->
                        new Row(
                            row.getString(2),
                            new Waiting(
                                row.getString(1),
                                Phase.valueOf(row.getString(3)),
                                Instant.ofEpochMilli(row.getLong(4)),
                                row.getInt(5) != 0)),
                    cluster == null ? new Object[0] : new Object[] {cluster}))
        .stream()
        .collect(
            Collectors.groupingBy(
                Row::cluster, Collectors.mapping(Row::waiting, Collectors.toList())));
  }

  /** Nothing if the activity does not wait (any more). */
  Optional<Script> script(String execution) {
    return database
        .query(
            jdbc ->
                jdbc.query(
                    "SELECT REQUEST_, STATE_ FROM %s WHERE EXECUTION_ID_ = ?".formatted(table),
                    (row, number) -> new Script(row.getString(1), row.getString(2)),
                    execution))
        .stream()
        .findFirst();
  }

  /** Returns whether it still waits. */
  boolean writeScript(String execution, String state) {
    return database.update(
            "UPDATE %s SET STATE_ = ? WHERE EXECUTION_ID_ = ?".formatted(table), state, execution)
        > 0;
  }
}

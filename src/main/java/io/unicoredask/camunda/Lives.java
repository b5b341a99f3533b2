package io.unicoredask.camunda;

import io.unicoredask.camunda.ClusterFilter.State;
import io.unicoredask.camunda.engine.Transaction;
import io.unicoredask.cluster.IsoTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds lives of clusters, as far as the user may read them who makes the call of the engine. */
class Lives {

  private static final String COLUMNS =
      "L.ID_, L.CLUSTER_ID_, L.INSTANCE_ID_, L.NAME_, L.PROCESS_, L.SITE_, L.USER_, L.STATUS_, L.SIZE_, L.CONNECTED_, L.ENDED_BY_, L.ERROR_CODE_, L.ERROR_MESSAGE_, L.STARTED_, L.READY_, L.ENDED_, L.NODES_, L.COUNTED_, L.NODE_MILLIS_, C.PROCESS_INSTANCE_ID_";

  private static final double MILLIS_OF_AN_HOUR = 3_600_000;

  private final EngineDatabase database;
  private final Transaction transaction;
  private final String lives;
  private final String clusters;

  Lives(EngineDatabase database, Transaction transaction) {
    this.database = database;
    this.transaction = transaction;
    this.lives = database.table("LIFE");
    this.clusters = database.table("CLUSTER");
  }

  /**
   * A life.
   *
   * @param id its own id
   * @param cluster the cluster's; null if there never was one
   * @param instance the process instance that has the cluster now; null if it is over
   * @param summary what is shown of it
   */
  record Life(String id, String cluster, String instance, ClusterSummary summary) {

    boolean isOver() {
      return instance == null;
    }

    /** Whether the process instance that has asked for the cluster still has it. */
    boolean isWhereItBegan() {
      return summary.id().equals(instance);
    }
  }

  long count(ClusterFilter filter) {
    Condition which = which(filter);
    return database.query(
        jdbc ->
            jdbc.queryForObject(
                "SELECT COUNT(*) FROM %s L WHERE %s".formatted(lives, which.sql()),
                Long.class,
                which.arguments().toArray()));
  }

  /** Newest first. */
  List<Life> page(ClusterFilter filter) {
    return find(which(filter), filter.firstResult(), filter.maxResults());
  }

  /** The newest of a process instance, or of one that ends the cluster of another. */
  Optional<Life> ofInstance(String instance) {
    Condition readable = readable();
    return newest(Condition.and(equal("L.INSTANCE_ID_", instance), readable))
        .or(
            () ->
                newest(
                    Condition.and(
                        new Condition(
                            "L.CLUSTER_ID_ IN (SELECT ID_ FROM %s WHERE PROCESS_INSTANCE_ID_ = ?)"
                                .formatted(clusters),
                            List.of(instance)),
                        readable)));
  }

  private Optional<Life> newest(Condition which) {
    return find(which, 0, 1).stream().findFirst();
  }

  private List<Life> find(Condition which, int firstResult, int maxResults) {
    List<Object> arguments = new ArrayList<>(which.arguments());
    arguments.add(isMySql() ? maxResults : firstResult);
    arguments.add(isMySql() ? firstResult : maxResults);
    long now = System.currentTimeMillis();
    return database.query(
        jdbc -> jdbc.query(select(which), (row, number) -> life(row, now), arguments.toArray()));
  }

  /** What begins with the newest needs its index to read no more than is shown. */
  String select(Condition which) {
    return "SELECT %s FROM %s L LEFT JOIN %s C ON C.ID_ = L.CLUSTER_ID_ AND L.ENDED_ IS NULL WHERE %s ORDER BY L.STARTED_ DESC, L.ID_ DESC %s"
        .formatted(
            COLUMNS,
            lives,
            clusters,
            which.sql(),
            isMySql() ? "LIMIT ? OFFSET ?" : "OFFSET ? ROWS FETCH NEXT ? ROWS ONLY");
  }

  private boolean isMySql() {
    return List.of("mysql", "mariadb")
        .contains(transaction.engine().getProcessEngineConfiguration().getDatabaseType());
  }

  private static Life life(ResultSet row, long now) throws SQLException {
    boolean isOver = StateColumns.number(row, "ENDED_") != null;
    long millis =
        row.getLong("NODE_MILLIS_")
            + row.getLong("NODES_") * Math.max(0, now - row.getLong("COUNTED_"));
    return new Life(
        row.getString("ID_"),
        row.getString("CLUSTER_ID_"),
        row.getString("PROCESS_INSTANCE_ID_"),
        new ClusterSummary(
            row.getString("INSTANCE_ID_"),
            row.getString("NAME_"),
            row.getString("PROCESS_"),
            row.getString("SITE_"),
            row.getString("USER_"),
            row.getString("STATUS_"),
            null,
            IsoTime.of(StateColumns.number(row, "STARTED_")),
            IsoTime.of(StateColumns.number(row, "READY_")),
            IsoTime.of(StateColumns.number(row, "ENDED_")),
            row.getString("ENDED_BY_"),
            row.getString("ERROR_CODE_"),
            row.getString("ERROR_MESSAGE_"),
            isOver ? null : StateColumns.integer(row, "CONNECTED_"),
            row.getString("SIZE_"),
            Math.round(millis / MILLIS_OF_AN_HOUR * 1e6) / 1e6));
  }

  Condition which(ClusterFilter filter) {
    Condition which =
        filter.state() == State.ALL
            ? Condition.ALWAYS
            : new Condition(
                filter.state() == State.LIVING ? "L.ENDED_ IS NULL" : "L.ENDED_ IS NOT NULL",
                List.of());
    which = Condition.and(which, equal("L.SITE_", filter.site()));
    which = Condition.and(which, equal("L.USER_", filter.user()));
    which =
        Condition.and(
            which, equal("L.STATUS_", filter.status() == null ? null : filter.status().name()));
    which = Condition.and(which, named(filter.name()));
    return Condition.and(which, readable());
  }

  private static Condition equal(String column, String value) {
    return value == null ? Condition.ALWAYS : new Condition(column + " = ?", List.of(value));
  }

  private static Condition named(String name) {
    return name == null
        ? Condition.ALWAYS
        : new Condition(
            "LOWER(L.NAME_) LIKE ? ESCAPE '!'",
            List.of("%" + name.toLowerCase(Locale.ROOT).replaceAll("[!%_\\[]", "!$0") + "%"));
  }

  private Condition readable() {
    return new ReadableClusters(transaction)
        .condition(database.texts("SELECT DISTINCT PROCESS_ FROM %s".formatted(lives)));
  }
}

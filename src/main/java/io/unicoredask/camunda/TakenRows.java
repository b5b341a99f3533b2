package io.unicoredask.camunda;

import io.unicoredask.cluster.request.Footprint;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.springframework.dao.DuplicateKeyException;

/** What the clusters on record take of a site, counted one start at a time. */
class TakenRows {

  private static final String LOCK = "taken.";

  private static final int LONGEST_NAME = 64;

  /** Of columns, of all clusters and then of the user's. */
  private static final int SUMS = 5;

  private final EngineDatabase database;
  private final String properties;
  private final String query;

  /**
   * What others take.
   *
   * @param user the clusters of that user
   * @param all the clusters of all
   */
  record Taken(Footprint user, Footprint all) {}

  TakenRows(EngineDatabase database) {
    this.database = database;
    this.properties = database.table("PROPERTY");
    String own = "(C.OWNER_ = ? OR C.OWNER_ IS NULL AND ? = 1)";
    String scripts =
        "SELECT P.CLUSTER_ID_, SUM(P.NODES_) AS NODES_ FROM %s P WHERE P.NODES_ > 0 GROUP BY P.CLUSTER_ID_"
            .formatted(database.table("PHASE"));
    String sums =
        "COUNT(%1$s 1 %2$s), SUM(%1$s C.WORKERS_ %2$s), SUM(%1$s C.NODES_ %2$s), SUM(%1$s S.NODES_ %2$s), SUM(%1$s C.NODE_SECONDS_ %2$s)";
    this.query =
        "SELECT %s, %s FROM %s C LEFT JOIN (%s) S ON S.CLUSTER_ID_ = C.ID_ WHERE C.SITE_ IN (?, ?)"
            .formatted(
                sums.formatted("", ""),
                sums.formatted("CASE WHEN " + own + " THEN", "END"),
                database.table("CLUSTER"),
                scripts);
  }

  /**
   * Has all others wait who would count at the site, until this transaction is over: two that begin
   * at once do not both get what is left.
   */
  void lock(String site) {
    String name = name(site);
    if (update(name) == 0) {
      insert(name);
      update(name);
    }
  }

  private int update(String name) {
    return database.update(
        "UPDATE %s SET VALUE_ = ? WHERE NAME_ = ?".formatted(properties),
        UUID.randomUUID().toString(),
        name);
  }

  /** In a transaction of its own: what another has inserted meanwhile does no harm there. */
  private void insert(String name) {
    try {
      database.inNewTransaction(
          jdbc ->
              jdbc.update(
                  "INSERT INTO %s (NAME_, VALUE_) VALUES (?, '-')".formatted(properties), name));
    } catch (DuplicateKeyException e) {
      // It is there, which is all that was wanted.
    }
  }

  private static String name(String site) {
    String name = LOCK + site;
    return name.length() <= LONGEST_NAME
        ? name
        : LOCK + UUID.nameUUIDFromBytes(site.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * What the clusters at a site take.
   *
   * @param user whose are counted by themselves; null for those of nobody who was logged in
   */
  Taken at(String site, String user) {
    int nobody = user == null ? 1 : 0;
    String owner = user == null ? "-" : user;
    Object[] arguments = new Object[2 * SUMS + 2];
    for (int i = 0; i < SUMS; i++) {
      arguments[2 * i] = owner;
      arguments[2 * i + 1] = nobody;
    }
    arguments[2 * SUMS] = site;
    arguments[2 * SUMS + 1] = SiteColumn.asInitiator(site);
    return database.query(
        jdbc ->
            jdbc.queryForObject(
                query,
                (row, number) -> new Taken(footprint(row, SUMS), footprint(row, 0)),
                arguments));
  }

  /** Null, as SUM has it of nothing, is read as 0. */
  private static Footprint footprint(ResultSet row, int after) throws SQLException {
    return new Footprint(
        row.getLong(after + 1),
        row.getLong(after + 2),
        row.getLong(after + 3) + row.getLong(after + 4),
        row.getLong(after + 5));
  }
}

package io.unicoredask.camunda;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How many workers clusters had over time, a row each time that changed. Of a cluster with many
 * changes every other one of the older half is left out, so that its rows stay few.
 */
class WorkerRows {

  static final int MOST = 400;

  private final EngineDatabase database;
  private final String table;

  WorkerRows(EngineDatabase database) {
    this.database = database;
    this.table = database.table("WORKERS");
  }

  /**
   * So many workers.
   *
   * @param at since when, in milliseconds
   * @param connected how many the scheduler had
   * @param wanted how many were to come
   */
  record Count(long at, int connected, int wanted) {}

  void add(String life, Count count) {
    // Of two within a millisecond the last one counts.
    int there =
        database.update(
            "UPDATE %s SET CONNECTED_ = ?, WANTED_ = ? WHERE LIFE_ID_ = ? AND AT_ = ?"
                .formatted(table),
            count.connected(),
            count.wanted(),
            life,
            count.at());
    if (there == 0) {
      database.update(
          "INSERT INTO %s (LIFE_ID_, AT_, CONNECTED_, WANTED_) VALUES (?, ?, ?, ?)"
              .formatted(table),
          life,
          count.at(),
          count.connected(),
          count.wanted());
      thinOut(life);
    }
  }

  private void thinOut(String life) {
    List<Long> times =
        database.query(
            jdbc ->
                jdbc.queryForList(
                    "SELECT AT_ FROM %s WHERE LIFE_ID_ = ? ORDER BY AT_".formatted(table),
                    Long.class,
                    life));
    if (times.size() > MOST) {
      List<Object[]> dropped =
          IntStream.range(0, times.size() / 2)
              .filter(number -> number % 2 == 1)
              .mapToObj(number -> new Object[] {life, times.get(number)})
              .toList();
      database.query(
          jdbc ->
              jdbc.batchUpdate(
                  "DELETE FROM %s WHERE LIFE_ID_ = ? AND AT_ = ?".formatted(table), dropped));
    }
  }

  /** Oldest first. */
  List<Count> read(String life) {
    return database.query(
        jdbc ->
            jdbc.query(
                "SELECT AT_, CONNECTED_, WANTED_ FROM %s WHERE LIFE_ID_ = ? ORDER BY AT_"
                    .formatted(table),
                (row, number) -> new Count(row.getLong(1), row.getInt(2), row.getInt(3)),
                life));
  }

  /** Deletes those of lives that are forgotten. */
  void forget(String lives) {
    database.update(
        "DELETE FROM %s WHERE LIFE_ID_ NOT IN (SELECT ID_ FROM %s)".formatted(table, lives));
  }
}

package io.unicoredask.camunda;

import java.util.Optional;

/** Which cluster has which local port, a row each. */
class PortRows {

  private final EngineDatabase database;
  private final String table;

  PortRows(EngineDatabase database) {
    this.database = database;
    this.table = database.table("PORT");
  }

  /** Whose the port is; nothing if it is nobody's. */
  Optional<String> ownerOf(int port) {
    return database.text("SELECT CLUSTER_ID_ FROM %s WHERE PORT_ = ?".formatted(table), port);
  }

  /** Two that want the same cannot both get it. */
  void reserve(int port, String cluster) {
    database.update(
        "INSERT INTO %s (PORT_, CLUSTER_ID_) VALUES (?, ?)".formatted(table), port, cluster);
  }

  /** All that a cluster has become nobody's. */
  void delete(String cluster) {
    database.update("DELETE FROM %s WHERE CLUSTER_ID_ = ?".formatted(table), cluster);
  }
}

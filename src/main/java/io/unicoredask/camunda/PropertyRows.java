package io.unicoredask.camunda;

import java.util.Map;
import java.util.TreeMap;

/** Small things on record, by name. */
class PropertyRows {

  private final EngineDatabase database;
  private final String properties;

  PropertyRows(EngineDatabase database) {
    this.database = database;
    this.properties = database.table("PROPERTY");
  }

  /** All that there are. */
  Map<String, String> all() {
    return database.query(
        jdbc -> {
          Map<String, String> all = new TreeMap<>();
          jdbc.query(
              "SELECT NAME_, VALUE_ FROM %s".formatted(properties),
              row -> {
                all.put(row.getString("NAME_"), row.getString("VALUE_"));
              });
          return all;
        });
  }

  /** Puts it in place of what there was. */
  void put(String name, String value) {
    database.query(
        jdbc -> {
          int updated =
              jdbc.update(
                  "UPDATE %s SET VALUE_ = ? WHERE NAME_ = ?".formatted(properties), value, name);
          return updated > 0
              ? updated
              : jdbc.update(
                  "INSERT INTO %s (NAME_, VALUE_) VALUES (?, ?)".formatted(properties),
                  name,
                  value);
        });
  }

  void delete(String name) {
    database.query(
        jdbc -> jdbc.update("DELETE FROM %s WHERE NAME_ = ?".formatted(properties), name));
  }
}

package io.unicoredask.camunda;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.camunda.bpm.engine.ProcessEngineConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The plugin's tables in the engine's database. What is missing is made, a column of a table of an
 * earlier version too, unless the engine may not change its schema either ({@code
 * databaseSchemaUpdate = false}): then the start fails with the statements that make it.
 *
 * <p>A later version may add columns, never take or rename one: every statement names the columns
 * that it knows, so that nodes of both versions work side by side.
 */
class Schema {

  /** What this version knows: 6 has the lives of clusters, for people to look up. */
  static final int VERSION = 6;

  private static final Logger LOG = LoggerFactory.getLogger(Schema.class);

  private static final String VERSION_NAME = "schema.version";

  private final ProcessEngineConfiguration engine;
  private final JdbcTemplate database;
  private final EngineDatabase names;
  private final List<TableDefinition> tables;

  Schema(ProcessEngineConfiguration engine) {
    this.engine = engine;
    this.database = new JdbcTemplate(engine.getDataSource());
    this.names = new EngineDatabase(engine);
    this.tables = new SchemaTables(names, engine.getDatabaseType()).all();
  }

  /**
   * Makes what is missing.
   *
   * @throws StartRefusedException if it cannot be made; the message has the statements that do
   */
  void create() {
    Optional<Integer> found = version();
    List<String> missing = missing();
    if (!missing.isEmpty()) {
      make(missing, found);
    }
    found
        .filter(version -> version > VERSION)
        .ifPresent(
            version ->
                LOG.warn(
                    "The tables of camunda-unicore-dask in the engine's database are of a later"
                        + " version (schema {}, this one knows {}), and this node works with them"
                        + " as well as it knows: put the later version in its place",
                    version,
                    VERSION));
  }

  private void make(List<String> missing, Optional<Integer> found) {
    if (ProcessEngineConfiguration.DB_SCHEMA_UPDATE_FALSE.equals(
        engine.getDatabaseSchemaUpdate())) {
      throw new StartRefusedException(
          "%s, and the engine may not change its database: run these statements and start again\n%s"
              .formatted(lack(found), script(missing)));
    }
    try {
      missing.forEach(database::execute);
    } catch (DataAccessException e) {
      // Another node may have made them at the same moment.
      List<String> still = missing();
      if (!still.isEmpty()) {
        throw new StartRefusedException(
            "%s, and they could not be made: run these statements and start again\n%s"
                .formatted(lack(found), script(still)),
            e);
      }
    }
    found.ifPresent(
        version ->
            LOG.info(
                "The tables of camunda-unicore-dask in the engine's database were of schema {} and"
                    + " are of schema {} now; nodes of the earlier version can go on until they"
                    + " are upgraded",
                version,
                VERSION));
  }

  private static String lack(Optional<Integer> found) {
    return found
        .map(
            version ->
                "The tables of camunda-unicore-dask in the engine's database are of schema %d and lack what schema %d has"
                    .formatted(version, VERSION))
        .orElse("The engine's database lacks the tables of camunda-unicore-dask");
  }

  private List<String> missing() {
    return Stream.concat(tables.stream().flatMap(this::missing), versionStatement()).toList();
  }

  private Stream<String> missing(TableDefinition table) {
    return columns(table.name()).map(table::additions).orElseGet(table::creation).stream();
  }

  private static String script(List<String> statements) {
    return statements.stream().map(statement -> statement + ";").collect(Collectors.joining("\n"));
  }

  /** Those of a table, in capitals; nothing if there is no such table. */
  private Optional<Set<String>> columns(String table) {
    try {
      return Optional.of(
          database.query(
              "SELECT * FROM " + table + " WHERE 1 = 0",
              (ResultSet none) -> {
                ResultSetMetaData found = none.getMetaData();
                Set<String> columns = new HashSet<>();
                for (int i = 1; i <= found.getColumnCount(); i++) {
                  columns.add(found.getColumnName(i).toUpperCase(Locale.ROOT));
                }
                return columns;
              }));
    } catch (DataAccessException e) {
      return Optional.empty();
    }
  }

  /** That of the tables that are there; nothing if there are none. */
  private Optional<Integer> version() {
    String table = names.table("PROPERTY");
    return columns(table).isEmpty()
        ? Optional.empty()
        : database
            .queryForList(
                "SELECT VALUE_ FROM " + table + " WHERE NAME_ = ?", Integer.class, VERSION_NAME)
            .stream()
            .findFirst();
  }

  /** A later version's stays. */
  private Stream<String> versionStatement() {
    String table = names.table("PROPERTY");
    Optional<Integer> found = version();
    if (found.isEmpty()) {
      return Stream.of(
          "INSERT INTO %s (NAME_, VALUE_) VALUES ('%s', '%d')"
              .formatted(table, VERSION_NAME, VERSION));
    }
    return found.get() >= VERSION
        ? Stream.empty()
        : Stream.of(
            "UPDATE %s SET VALUE_ = '%d' WHERE NAME_ = '%s'"
                .formatted(table, VERSION, VERSION_NAME));
  }
}

package io.unicoredask.camunda;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.camunda.bpm.engine.ProcessEngineConfiguration;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.db.sql.DbSqlSessionFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The plugin's tables in the engine's database. They are made when they are missing, unless the
 * engine may not change its schema either ({@code databaseSchemaUpdate = false}): then the start
 * fails with the statements that make them.
 *
 * <p>A later version may add columns, never take or rename one: every statement names the columns
 * that it knows, so that nodes of both versions work side by side.
 */
class Schema {

  /** What this version knows. */
  static final int VERSION = 1;

  private static final String VERSION_NAME = "schema.version";

  private static final Map<String, Types> TYPES =
      Map.of(
          DbSqlSessionFactory.POSTGRES,
          new Types("VARCHAR(%d)", "TEXT", "BIGINT", "TIMESTAMP(3)"),
          DbSqlSessionFactory.MYSQL,
          new Types("VARCHAR(%d)", "LONGTEXT", "BIGINT", "TIMESTAMP(3)"),
          "mariadb",
          new Types("VARCHAR(%d)", "LONGTEXT", "BIGINT", "TIMESTAMP(3)"),
          DbSqlSessionFactory.ORACLE,
          new Types("VARCHAR2(%d CHAR)", "CLOB", "NUMBER(19,0)", "TIMESTAMP(3)"),
          DbSqlSessionFactory.DB2,
          new Types("VARCHAR(%d)", "CLOB(64M)", "BIGINT", "TIMESTAMP(3)"),
          DbSqlSessionFactory.MSSQL,
          new Types("NVARCHAR(%d)", "NVARCHAR(MAX)", "BIGINT", "DATETIME2"));

  private static final Types OTHERS = new Types("VARCHAR(%d)", "CLOB", "BIGINT", "TIMESTAMP(3)");

  private final ProcessEngineConfigurationImpl engine;
  private final JdbcTemplate database;
  private final EngineDatabase names;
  private final Types types;

  /**
   * What a database calls things.
   *
   * @param text a text of so many characters
   * @param longText a text of any length
   * @param number a whole number of 64 bits
   * @param time a moment, in milliseconds at least
   */
  private record Types(String text, String longText, String number, String time) {

    String text(int characters) {
      return text.formatted(characters);
    }
  }

  Schema(ProcessEngineConfigurationImpl engine) {
    this.engine = engine;
    this.database = new JdbcTemplate(engine.getDataSource());
    this.names = new EngineDatabase(engine);
    this.types = TYPES.getOrDefault(engine.getDatabaseType(), OTHERS);
  }

  /**
   * Makes what is missing.
   *
   * @throws IllegalStateException if it cannot be made; the message has the statements that do
   */
  void create() {
    List<String> missing =
        statements().entrySet().stream()
            .filter(table -> !exists(table.getKey()))
            .flatMap(table -> table.getValue().stream())
            .toList();
    if (missing.isEmpty()) {
      return;
    }
    if (ProcessEngineConfiguration.DB_SCHEMA_UPDATE_FALSE.equals(
        engine.getDatabaseSchemaUpdate())) {
      throw new IllegalStateException(
          "the engine's database lacks tables of camunda-unicore-dask, and may not be changed;"
              + " create them:\n"
              + script(missing));
    }
    try {
      missing.forEach(database::execute);
    } catch (DataAccessException e) {
      // Another node may have made them at the same moment.
      if (!statements().keySet().stream().allMatch(this::exists)) {
        throw new IllegalStateException(
            "the tables of camunda-unicore-dask could not be created in the engine's database;"
                + " create them:\n"
                + script(missing),
            e);
      }
    }
  }

  private static String script(List<String> statements) {
    return statements.stream().map(statement -> statement + ";").collect(Collectors.joining("\n"));
  }

  private boolean exists(String table) {
    try {
      database.queryForObject("SELECT COUNT(*) FROM " + table, Integer.class);
      return true;
    } catch (DataAccessException e) {
      return false;
    }
  }

  /** By table, what makes it; the version comes last, when all else is there. */
  private Map<String, List<String>> statements() {
    return Stream.of(lock(), cluster(), job(), phase(), port(), property())
        .collect(
            Collectors.toMap(
                statements -> statements.get(0).split(" ")[2],
                statements -> statements,
                (one, other) -> one,
                LinkedHashMap::new));
  }

  private List<String> lock() {
    return List.of(
        table(
            "LOCK",
            "name " + types.text(64) + " NOT NULL",
            "lock_until " + types.time() + " NOT NULL",
            "locked_at " + types.time() + " NOT NULL",
            "locked_by " + types.text(255) + " NOT NULL",
            "PRIMARY KEY (name)"));
  }

  private List<String> cluster() {
    return List.of(
        table(
            "CLUSTER",
            "ID_ " + types.text(128) + " NOT NULL",
            "SITE_ " + types.text(255),
            "PROCESS_INSTANCE_ID_ " + types.text(64) + " NOT NULL",
            "NAME_ " + types.text(255),
            "REQUEST_ " + types.longText(),
            "CHANGED_ " + types.number() + " NOT NULL",
            "WORK_DELETED_ INTEGER",
            "NEXT_WORKER_ INTEGER",
            "GROWTH_ " + types.text(16),
            "FIRST_NEW_ INTEGER",
            "REPLACEMENTS_ INTEGER",
            "ADAPTED_TO_ INTEGER",
            "RESTARTS_ INTEGER",
            "CONNECTED_WORKERS_ INTEGER",
            "TUNNEL_ " + types.text(16),
            "LOCAL_PORT_ INTEGER",
            "LOCAL_DASHBOARD_PORT_ INTEGER",
            "REACHED_ INTEGER",
            "READY_SINCE_ " + types.number(),
            "READY_FOR_ " + types.number(),
            "WARNINGS_ " + types.longText(),
            "PRIMARY KEY (ID_)"),
        index("CLUSTER", "INSTANCE", "PROCESS_INSTANCE_ID_"),
        index("CLUSTER", "CHANGED", "CHANGED_"));
  }

  private List<String> job() {
    return List.of(
        table(
            "JOB",
            "CLUSTER_ID_ " + types.text(128) + " NOT NULL",
            "PURPOSE_ " + types.text(64) + " NOT NULL",
            "JOB_ " + types.text(255),
            "PROCESSES_ INTEGER",
            "STATUS_ " + types.text(16),
            "WAS_CONNECTED_ INTEGER",
            "OWN_ INTEGER",
            "OVER_ INTEGER",
            "WORKING_DIRECTORY_ " + types.text(255),
            "DIRECTORY_ " + types.text(2000),
            "FORWARDING_ " + types.text(255),
            "SCHEDULER_ID_ " + types.text(255),
            "PROTOCOL_ " + types.text(16),
            "HOST_ " + types.text(255),
            "PORT_ INTEGER",
            "DASHBOARD_PORT_ INTEGER",
            "PRIMARY KEY (CLUSTER_ID_, PURPOSE_)"),
        index("JOB", "ID", "JOB_"));
  }

  private List<String> phase() {
    return List.of(
        table(
            "PHASE",
            "EXECUTION_ID_ " + types.text(64) + " NOT NULL",
            "CLUSTER_ID_ " + types.text(128) + " NOT NULL",
            "PHASE_ " + types.text(32) + " NOT NULL",
            "SINCE_ " + types.number() + " NOT NULL",
            "BEGUN_ INTEGER",
            "REQUEST_ " + types.longText(),
            "STATE_ " + types.longText(),
            "PRIMARY KEY (EXECUTION_ID_)"),
        index("PHASE", "CLUSTER", "CLUSTER_ID_"));
  }

  private List<String> port() {
    return List.of(
        table(
            "PORT",
            "PORT_ INTEGER NOT NULL",
            "CLUSTER_ID_ " + types.text(128) + " NOT NULL",
            "PRIMARY KEY (PORT_)"),
        index("PORT", "CLUSTER", "CLUSTER_ID_"));
  }

  private List<String> property() {
    return List.of(
        table(
            "PROPERTY",
            "NAME_ " + types.text(64) + " NOT NULL",
            "VALUE_ " + types.text(2000),
            "PRIMARY KEY (NAME_)"),
        "INSERT INTO %s (NAME_, VALUE_) VALUES ('%s', '%d')"
            .formatted(names.table("PROPERTY"), VERSION_NAME, VERSION));
  }

  private String table(String name, String... columns) {
    return "CREATE TABLE %s (%s)".formatted(names.table(name), String.join(", ", columns));
  }

  private String index(String table, String name, String column) {
    return "CREATE INDEX UNICORE_DASK_IDX_%s_%s ON %s (%s)"
        .formatted(table, name, names.table(table), column);
  }
}

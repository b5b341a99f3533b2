package io.unicoredask.camunda;

import io.unicoredask.camunda.TableDefinition.Column;
import io.unicoredask.camunda.TableDefinition.Index;
import java.util.List;
import java.util.Map;

/** What the plugin's tables are, in the words of the engine's database. */
class SchemaTables {

  private static final Map<String, Types> TYPES =
      Map.of(
          "postgres",
          new Types("VARCHAR(%d)", "TEXT", "BIGINT", "TIMESTAMP(3)"),
          "mysql",
          new Types("VARCHAR(%d)", "LONGTEXT", "BIGINT", "TIMESTAMP(3)"),
          "mariadb",
          new Types("VARCHAR(%d)", "LONGTEXT", "BIGINT", "TIMESTAMP(3)"),
          "oracle",
          new Types("VARCHAR2(%d CHAR)", "CLOB", "NUMBER(19,0)", "TIMESTAMP(3)"),
          "db2",
          new Types("VARCHAR(%d)", "CLOB(64M)", "BIGINT", "TIMESTAMP(3)"),
          "mssql",
          new Types("NVARCHAR(%d)", "NVARCHAR(MAX)", "BIGINT", "DATETIME2"));

  private static final Types OTHERS = new Types("VARCHAR(%d)", "CLOB", "BIGINT", "TIMESTAMP(3)");

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

  SchemaTables(EngineDatabase names, String databaseType) {
    this.names = names;
    this.types = TYPES.getOrDefault(databaseType, OTHERS);
  }

  /** All of them; the one that holds the version comes last, when all else is there. */
  List<TableDefinition> all() {
    return List.of(
        lock(),
        cluster(),
        job(),
        phase(),
        port(),
        businessKey(),
        account(),
        life(),
        workers(),
        property());
  }

  private TableDefinition lock() {
    return new TableDefinition(
        names.table("LOCK"),
        List.of(
            new Column("name", types.text(64) + " NOT NULL"),
            new Column("lock_until", types.time() + " NOT NULL"),
            new Column("locked_at", types.time() + " NOT NULL"),
            new Column("locked_by", types.text(255) + " NOT NULL")),
        "name",
        List.of());
  }

  private TableDefinition cluster() {
    return new TableDefinition(
        names.table("CLUSTER"),
        List.of(
            new Column("ID_", types.text(128) + " NOT NULL"),
            new Column("SITE_", types.text(255)),
            new Column("PROCESS_INSTANCE_ID_", types.text(64) + " NOT NULL"),
            new Column("NAME_", types.text(255)),
            new Column("REQUEST_", types.longText()),
            new Column("CHANGED_", types.number() + " NOT NULL"),
            new Column("WORK_DELETED_", "INTEGER"),
            new Column("NEXT_WORKER_", "INTEGER"),
            new Column("GROWTH_", types.text(16)),
            new Column("FIRST_NEW_", "INTEGER"),
            new Column("REPLACEMENTS_", "INTEGER"),
            new Column("ADAPTED_TO_", "INTEGER"),
            new Column("RESTARTS_", "INTEGER"),
            new Column("CONNECTED_WORKERS_", "INTEGER"),
            new Column("TUNNEL_", types.text(16)),
            new Column("LOCAL_PORT_", "INTEGER"),
            new Column("LOCAL_DASHBOARD_PORT_", "INTEGER"),
            new Column("DASHBOARD_", types.text(255)),
            new Column("REACHED_", "INTEGER"),
            new Column("READY_SINCE_", types.number()),
            new Column("READY_FOR_", types.number()),
            new Column("WARNINGS_", types.longText()),
            new Column("OWNER_", types.text(255)),
            new Column("IDENTITY_", types.text(16)),
            new Column("WORKERS_", types.number()),
            new Column("NODES_", types.number()),
            new Column("NODE_SECONDS_", types.number())),
        "ID_",
        List.of(
            index("CLUSTER", "INSTANCE", "PROCESS_INSTANCE_ID_"),
            index("CLUSTER", "OWNER", "SITE_", "OWNER_"),
            index("CLUSTER", "CHANGED", "CHANGED_")));
  }

  private TableDefinition job() {
    return new TableDefinition(
        names.table("JOB"),
        List.of(
            new Column("CLUSTER_ID_", types.text(128) + " NOT NULL"),
            new Column("PURPOSE_", types.text(64) + " NOT NULL"),
            new Column("JOB_", types.text(255)),
            new Column("PROCESSES_", "INTEGER"),
            new Column("STATUS_", types.text(16)),
            new Column("WAS_CONNECTED_", "INTEGER"),
            new Column("OWN_", "INTEGER"),
            new Column("OVER_", "INTEGER"),
            new Column("WORKING_DIRECTORY_", types.text(255)),
            new Column("DIRECTORY_", types.text(2000)),
            new Column("FORWARDING_", types.text(255)),
            new Column("SCHEDULER_ID_", types.text(255)),
            new Column("PROTOCOL_", types.text(16)),
            new Column("HOST_", types.text(255)),
            new Column("PORT_", "INTEGER"),
            new Column("DASHBOARD_PORT_", "INTEGER"),
            new Column("CONNECTED_", "INTEGER"),
            new Column("LEAVING_", "INTEGER"),
            new Column("REASON_", types.text(255)),
            new Column("START_", types.number()),
            new Column("END_", types.number())),
        "CLUSTER_ID_, PURPOSE_",
        List.of(index("JOB", "ID", "JOB_")));
  }

  private TableDefinition phase() {
    return new TableDefinition(
        names.table("PHASE"),
        List.of(
            new Column("EXECUTION_ID_", types.text(64) + " NOT NULL"),
            new Column("CLUSTER_ID_", types.text(128) + " NOT NULL"),
            new Column("PHASE_", types.text(32) + " NOT NULL"),
            new Column("SINCE_", types.number() + " NOT NULL"),
            new Column("BEGUN_", "INTEGER"),
            new Column("REQUEST_", types.longText()),
            new Column("STATE_", types.longText()),
            new Column("NODES_", types.number())),
        "EXECUTION_ID_",
        List.of(index("PHASE", "CLUSTER", "CLUSTER_ID_")));
  }

  private TableDefinition port() {
    return new TableDefinition(
        names.table("PORT"),
        List.of(
            new Column("PORT_", "INTEGER NOT NULL"),
            new Column("CLUSTER_ID_", types.text(128) + " NOT NULL")),
        "PORT_",
        List.of(index("PORT", "CLUSTER", "CLUSTER_ID_")));
  }

  private TableDefinition businessKey() {
    return new TableDefinition(
        names.table("BUSINESS_KEY"),
        List.of(
            new Column("KEY_", types.text(64) + " NOT NULL"),
            new Column("CLUSTER_ID_", types.text(128) + " NOT NULL")),
        "KEY_",
        List.of(index("BUSINESS_KEY", "CLUSTER", "CLUSTER_ID_")));
  }

  private TableDefinition account() {
    return new TableDefinition(
        names.table("ACCOUNT"),
        List.of(
            new Column("SITE_", types.text(255) + " NOT NULL"),
            new Column("USER_", types.text(64) + " NOT NULL"),
            new Column("SINCE_", types.number() + " NOT NULL")),
        "SITE_, USER_",
        List.of());
  }

  private TableDefinition life() {
    return new TableDefinition(
        names.table("LIFE"),
        List.of(
            new Column("ID_", types.text(64) + " NOT NULL"),
            new Column("CLUSTER_ID_", types.text(128)),
            new Column("INSTANCE_ID_", types.text(64) + " NOT NULL"),
            new Column("NAME_", types.text(255)),
            new Column("PROCESS_", types.text(255) + " NOT NULL"),
            new Column("SITE_", types.text(255)),
            new Column("USER_", types.text(255)),
            new Column("TENANT_ID_", types.text(64)),
            new Column("STATUS_", types.text(16) + " NOT NULL"),
            new Column("SIZE_", types.text(255)),
            new Column("CONNECTED_", "INTEGER"),
            new Column("ENDED_BY_", types.text(255)),
            new Column("ERROR_CODE_", types.text(255)),
            new Column("ERROR_MESSAGE_", types.longText()),
            new Column("STARTED_", types.number() + " NOT NULL"),
            new Column("READY_", types.number()),
            new Column("ENDED_", types.number()),
            new Column("NODES_", types.number()),
            new Column("COUNTED_", types.number()),
            new Column("NODE_MILLIS_", types.number())),
        "ID_",
        List.of(
            index("LIFE", "INSTANCE", "INSTANCE_ID_"),
            index("LIFE", "CLUSTER", "CLUSTER_ID_"),
            index("LIFE", "STARTED", "STARTED_", "ID_"),
            index("LIFE", "ENDED", "ENDED_")));
  }

  private TableDefinition workers() {
    return new TableDefinition(
        names.table("WORKERS"),
        List.of(
            new Column("LIFE_ID_", types.text(64) + " NOT NULL"),
            new Column("AT_", types.number() + " NOT NULL"),
            new Column("CONNECTED_", "INTEGER NOT NULL"),
            new Column("WANTED_", "INTEGER NOT NULL")),
        "LIFE_ID_, AT_",
        List.of());
  }

  private TableDefinition property() {
    return new TableDefinition(
        names.table("PROPERTY"),
        List.of(
            new Column("NAME_", types.text(64) + " NOT NULL"),
            new Column("VALUE_", types.text(2000))),
        "NAME_",
        List.of());
  }

  private Index index(String table, String name, String... columns) {
    return new Index(
        "CREATE INDEX UNICORE_DASK_IDX_%s_%s ON %s (%s)"
            .formatted(table, name, names.table(table), String.join(", ", columns)),
        List.of(columns));
  }
}

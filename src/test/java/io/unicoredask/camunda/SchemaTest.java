package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unicoredask.cluster.TestSites;
import io.unicoredask.cluster.keeper.Cluster;
import io.unicoredask.cluster.keeper.ClusterIdentity;
import io.unicoredask.cluster.keeper.Phase;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.site.Sites;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.ProcessEngineConfiguration;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.cfg.StandaloneProcessEngineConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;

/** The plugin's tables in the engine's database. */
@ExtendWith(OutputCaptureExtension.class)
class SchemaTest {

  private static final Owner SHARED = new Owner(null, ClusterIdentity.SHARED);

  private static ProcessEngine engine;
  private static ProcessEngineConfigurationImpl configuration;
  private static JdbcTemplate jdbc;

  /** Its start takes seconds. */
  @BeforeAll
  static void startAnEngine() {
    configuration = new StandaloneProcessEngineConfiguration();
    engine = MemoryEngine.start("schema-test", configuration);
    jdbc = new JdbcTemplate(configuration.getDataSource());
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  @AfterEach
  void dropTheTables() {
    jdbc.queryForList(
            "SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME LIKE 'UNICORE_DASK_%'",
            String.class)
        .forEach(table -> jdbc.execute("DROP TABLE " + table));
  }

  /** What an engine with the plugin does at its start. */
  private static void start(String schemaUpdate) {
    configuration.setDatabaseSchemaUpdate(schemaUpdate);
    new DaskProcessEnginePlugin(() -> null).postProcessEngineBuild(engine);
  }

  @Test
  void theTablesAreMadeAtTheFirstStartAndLeftAloneAtTheNext() {
    start(ProcessEngineConfiguration.DB_SCHEMA_UPDATE_TRUE);
    jdbc.execute("INSERT INTO UNICORE_DASK_PORT (PORT_, CLUSTER_ID_) VALUES (4322, 'x')");

    start(ProcessEngineConfiguration.DB_SCHEMA_UPDATE_TRUE);

    assertThat(jdbc.queryForObject("SELECT COUNT(*) FROM UNICORE_DASK_PORT", Integer.class))
        .isEqualTo(1);
    assertThat(version()).isEqualTo(String.valueOf(Schema.VERSION));
  }

  @Test
  void whereTheSchemaMayNotBeChangedTheStartSaysTheStatementsThatWork() {
    assertThatThrownBy(() -> start(ProcessEngineConfiguration.DB_SCHEMA_UPDATE_FALSE))
        .isInstanceOf(StartRefusedException.class)
        .hasMessageStartingWith(
            "The engine's database lacks the tables of camunda-unicore-dask, and the engine may not"
                + " change its database: run these statements and start again\n")
        .hasMessageContaining("CREATE TABLE UNICORE_DASK_CLUSTER")
        .satisfies(
            e -> {
              for (String statement : e.getMessage().split("again\n")[1].split(";\n?")) {
                jdbc.execute(statement);
              }
            });
    start(ProcessEngineConfiguration.DB_SCHEMA_UPDATE_FALSE);
  }

  @Test
  void aColumnThatATableOfAnEarlierVersionLacksIsAddedAndSaid(CapturedOutput log) {
    start(ProcessEngineConfiguration.DB_SCHEMA_UPDATE_TRUE);
    jdbc.execute("ALTER TABLE UNICORE_DASK_CLUSTER DROP COLUMN READY_FOR_");
    jdbc.execute("UPDATE UNICORE_DASK_PROPERTY SET VALUE_ = '1' WHERE NAME_ = 'schema.version'");

    assertThatThrownBy(() -> start(ProcessEngineConfiguration.DB_SCHEMA_UPDATE_FALSE))
        .hasMessageContaining("are of schema 1 and lack what schema " + Schema.VERSION + " has")
        .hasMessageContaining("ALTER TABLE UNICORE_DASK_CLUSTER ADD READY_FOR_ BIGINT;\nUPDATE");
    start(ProcessEngineConfiguration.DB_SCHEMA_UPDATE_TRUE);
    start(ProcessEngineConfiguration.DB_SCHEMA_UPDATE_TRUE);

    assertThat(log.getAll().lines())
        .filteredOn(line -> line.contains("were of schema 1 and are of schema " + Schema.VERSION))
        .hasSize(1);

    assertThat(jdbc.queryForList("SELECT READY_FOR_ FROM UNICORE_DASK_CLUSTER")).isEmpty();
    assertThat(version()).isEqualTo(String.valueOf(Schema.VERSION));
  }

  @Test
  void anIndexOfColumnsThatAreAddedIsMadeWithThem() {
    start(ProcessEngineConfiguration.DB_SCHEMA_UPDATE_TRUE);
    jdbc.execute("DROP INDEX UNICORE_DASK_IDX_CLUSTER_OWNER");
    for (String column : List.of("OWNER_", "IDENTITY_", "WORKERS_", "NODES_", "NODE_SECONDS_")) {
      jdbc.execute("ALTER TABLE UNICORE_DASK_CLUSTER DROP COLUMN " + column);
    }
    jdbc.execute("DROP TABLE UNICORE_DASK_ACCOUNT");
    jdbc.update(
        "INSERT INTO UNICORE_DASK_CLUSTER (ID_, SITE_, PROCESS_INSTANCE_ID_, REQUEST_, CHANGED_,"
            + " WORK_DELETED_, NEXT_WORKER_, GROWTH_, FIRST_NEW_, REPLACEMENTS_, RESTARTS_, REACHED_)"
            + " VALUES ('engine-0', 'hpc', 'old', ?, 1, 0, 1, 'NOT_YET', 1, 0, 0, 0)",
        ClusterRequest.of(Map.of("workers", 2), new Sites(List.of(TestSites.unreachable("hpc"))))
            .toJson());

    start(ProcessEngineConfiguration.DB_SCHEMA_UPDATE_TRUE);

    assertThat(
            jdbc.queryForObject(
                "SELECT COUNT(*) FROM INFORMATION_SCHEMA.INDEXES WHERE INDEX_NAME ="
                    + " 'UNICORE_DASK_IDX_CLUSTER_OWNER'",
                Integer.class))
        .isEqualTo(1);
    Cluster old =
        new RecordedClusters(new EngineDatabase(configuration))
            .find("engine-0")
            .orElseThrow()
            .cluster();
    assertThat(old.site()).isEqualTo("hpc");
    assertThat(old.owner()).isNull();
    assertThat(old.actsAs()).isNull();
  }

  @Test
  void aLaterVersionStaysAndIsSaid(CapturedOutput log) {
    start(ProcessEngineConfiguration.DB_SCHEMA_UPDATE_TRUE);
    jdbc.execute("UPDATE UNICORE_DASK_PROPERTY SET VALUE_ = '17' WHERE NAME_ = 'schema.version'");

    start(ProcessEngineConfiguration.DB_SCHEMA_UPDATE_TRUE);

    assertThat(version()).isEqualTo("17");
    assertThat(log.getAll()).contains("of a later version (schema 17").contains("put the later");
  }

  private static String version() {
    return jdbc.queryForObject(
        "SELECT VALUE_ FROM UNICORE_DASK_PROPERTY WHERE NAME_ = 'schema.version'", String.class);
  }

  @Test
  void aColumnOfALaterVersionIsLeftAsItIs() {
    start(ProcessEngineConfiguration.DB_SCHEMA_UPDATE_TRUE);
    for (String table : List.of("CLUSTER", "JOB", "PHASE", "PORT", "PROPERTY", "LOCK")) {
      jdbc.execute("ALTER TABLE UNICORE_DASK_%s ADD LATER_ VARCHAR(20)".formatted(table));
    }
    jdbc.execute(
        "INSERT INTO UNICORE_DASK_LOCK (name, lock_until, locked_at, locked_by) VALUES ('duty',"
            + " CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 'me')");
    EngineDatabase database = new EngineDatabase(configuration);
    ClusterTables tables = new ClusterTables(database);
    RecordedClusters clusters = new RecordedClusters(database);
    ClusterRequest request =
        ClusterRequest.of(Map.of("workers", 2), new Sites(List.of(TestSites.unreachable("hpc"))));
    tables.insert("engine-1", "instance", "name", request, SHARED);
    tables.waits("execution", "engine-1", Phase.START_SCHEDULER, null);
    tables.ports().reserve(4322, "engine-1");
    for (String table : List.of("CLUSTER", "PHASE", "PORT")) {
      jdbc.execute("UPDATE UNICORE_DASK_%s SET LATER_ = 'kept'".formatted(table));
    }

    Cluster planned = clusters.find("engine-1").orElseThrow().cluster();
    Cluster written = planned.withReached(true).withReplacements(3);
    assertThat(new StateWriter(database, "me").write(planned, written, Set.of("execution")))
        .isTrue();
    tables.ask("engine-1", request);

    assertThat(clusters.find("engine-1").orElseThrow().cluster()).isEqualTo(written);
    for (String table : List.of("CLUSTER", "PHASE", "PORT")) {
      assertThat(jdbc.queryForObject("SELECT LATER_ FROM UNICORE_DASK_" + table, String.class))
          .isEqualTo("kept");
    }
  }

  @Test
  void onlyTheNodeThatLeadsWrites() {
    start(ProcessEngineConfiguration.DB_SCHEMA_UPDATE_TRUE);
    jdbc.execute(
        "INSERT INTO UNICORE_DASK_LOCK (name, lock_until, locked_at, locked_by) VALUES"
            + " ('duty', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 'other')");
    EngineDatabase database = new EngineDatabase(configuration);
    ClusterTables tables = new ClusterTables(database);
    RecordedClusters clusters = new RecordedClusters(database);
    tables.insert(
        "engine-1",
        "instance",
        "name",
        ClusterRequest.of(Map.of(), new Sites(List.of(TestSites.unreachable("hpc")))),
        SHARED);
    Cluster planned = clusters.find("engine-1").orElseThrow().cluster();

    assertThat(new StateWriter(database, "me").write(planned, planned.withReached(true), Set.of()))
        .isFalse();
    assertThat(clusters.find("engine-1").orElseThrow().cluster()).isEqualTo(planned);
  }
}

package io.unicoredask.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unicoredask.HistoricVariables;
import io.unicoredask.application.UnicoreDaskApplication;
import io.unicoredask.localsite.LocalJob;
import io.unicoredask.localsite.LocalSite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthEndpoint;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** An engine and a copy of its database, at the same site and under the same account there. */
@ExtendWith(OutputCaptureExtension.class)
class CopiedEngineTest {

  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final String TAKE_OVER = "--unicore-dask.identity.take-over=true";

  @TempDir private Path directory;

  private final List<ConfigurableApplicationContext> engines = new ArrayList<>();
  private LocalSite site;

  @BeforeEach
  void startASite() throws IOException {
    site = LightSite.start();
  }

  @AfterEach
  void stop() {
    engines.forEach(ConfigurableApplicationContext::close);
    site.close();
  }

  @Test
  void aCopyBesideTheLivingEngineTouchesNothingUntilItsOperatorSaysSo(CapturedOutput log)
      throws Exception {
    ConfigurableApplicationContext original = start("original");
    String cluster = startCluster(original, "kept");
    copyDatabase(original, "copy");
    // The copy's record does not know it: without a claim its sweep would end its jobs.
    String unknown = startCluster(original, "unknown-to-the-copy");
    List<String> jobs = running();
    assertThat(jobs).hasSize(4);

    ConfigurableApplicationContext copy = start("copy", "--unicore-dask.identity.probation=1h");
    await().atMost(LIMIT).until(() -> identity(copy).getDetails().containsKey("local"));
    // The original's next look denies it.
    await().atMost(LIMIT).until(() -> log.getAll().contains("it is denied"));
    copy.close();
    engines.remove(copy);
    ConfigurableApplicationContext again = start("copy");
    await().atMost(LIMIT).until(() -> log.getAll().contains("has denied this one's claim"));
    assertThat(identity(again).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
    assertThat(identity(again).getDetails().get("local").toString())
        .contains("site 'local'", "copy", "unicore-dask.identity.take-over=true");

    send(again, cluster, "dask-cluster-teardown");
    String another = instance(again, "another");
    awaitIncident(again, cluster);
    awaitIncident(again, another);
    assertThat(running()).as("those of the original, and no others").isEqualTo(jobs);
    assertThat(variable(again, another, "clusterProgress").toString())
        .contains("unicore-dask.identity.take-over=true");
    assertThat(identity(original).getStatus()).isEqualTo(Status.UP);

    // The original goes on.
    send(original, unknown, "dask-cluster-teardown");
    await().atMost(LIMIT).until(() -> running().size() == 2);

    again.close();
    engines.remove(again);
    ConfigurableApplicationContext confirmed = start("copy", TAKE_OVER);
    await().atMost(LIMIT).until(() -> isOver(confirmed, cluster));
    await()
        .atMost(LIMIT)
        .until(() -> "RUNNING".equals(variable(confirmed, another, "clusterStatus")));
    assertThat(running()).as("the cluster of the copy's own").hasSize(2);
    assertThat(identity(confirmed).getStatus()).isEqualTo(Status.UP);
    await().atMost(LIMIT).until(() -> identity(original).getStatus().equals(Status.OUT_OF_SERVICE));
  }

  @Test
  void anEngineThatMovesGoesOnAtOnceAndItsOldPlaceKeepsItsHandsOff() throws Exception {
    ConfigurableApplicationContext original = start("original");
    String cluster = startCluster(original, "moved");
    original.close();
    engines.remove(original);
    copyFiles("original", "elsewhere");

    ConfigurableApplicationContext moved =
        start("elsewhere", "--unicore-dask.identity.probation=1h");
    await().atMost(LIMIT).until(() -> identity(moved).getDetails().containsKey("local"));
    assertThat(identity(moved).getStatus()).isEqualTo(Status.UP);
    ConfigurableApplicationContext old = start("original");
    await().atMost(LIMIT).until(() -> identity(old).getStatus().equals(Status.OUT_OF_SERVICE));
    send(old, cluster, "dask-cluster-teardown");
    awaitIncident(old, cluster);
    assertThat(running()).hasSize(2);
  }

  @Test
  void anotherNameOfTheSiteIsNoOtherSite() throws Exception {
    ConfigurableApplicationContext before = start("original");
    String cluster = startCluster(before, "renamed");
    List<String> jobs = running();
    before.close();
    engines.remove(before);

    String url = site.baseUrl().toString();
    String other =
        url.contains("127.0.0.1")
            ? url.replace("127.0.0.1", "localhost")
            : url.replace("localhost", "127.0.0.1");
    assertThat(other).isNotEqualTo(url);
    ConfigurableApplicationContext after =
        start("original", "--unicore-dask.sites.local.url=" + other);
    after
        .getBean(RuntimeService.class)
        .createMessageCorrelation("dask-cluster-scale")
        .processInstanceId(cluster)
        .setVariable("workers", 2)
        .correlate();
    await()
        .atMost(LIMIT)
        .until(() -> Integer.valueOf(2).equals(variable(after, cluster, "connectedWorkers")));
    assertThat(running()).containsAll(jobs).hasSize(3);
    assertThat(identity(after).getStatus()).isEqualTo(Status.UP);

    send(after, cluster, "dask-cluster-teardown");
    await().atMost(LIMIT).until(() -> isOver(after, cluster));
    assertThat(variable(after, cluster, "clusterStatus")).isEqualTo("STOPPED");
    await().atMost(LIMIT).until(() -> running().isEmpty());
  }

  private ConfigurableApplicationContext start(String home, String... more) {
    List<String> arguments = new ArrayList<>(LightSite.configuration(site));
    arguments.addAll(
        List.of(
            "--server.port=0",
            "--application.home=" + directory.resolve(home),
            "--camunda.bpm.generate-unique-process-engine-name=true",
            "--camunda.bpm.generate-unique-process-application-name=true",
            "--unicore-dask.sweep.interval=1s",
            "--unicore-dask.sweep.grace=1s",
            "--unicore-dask.identity.probation=10s"));
    arguments.addAll(List.of(more));
    ConfigurableApplicationContext context =
        new SpringApplicationBuilder(UnicoreDaskApplication.class)
            .registerShutdownHook(false)
            .run(lastOfEach(arguments));
    engines.add(context);
    return context;
  }

  /** Spring Boot makes a list of an argument that is given twice. */
  private static String[] lastOfEach(List<String> arguments) {
    Map<String, String> last = new LinkedHashMap<>();
    arguments.forEach(argument -> last.put(argument.replaceAll("=.*", ""), argument));
    return last.values().toArray(String[]::new);
  }

  /** While the engine runs, as a backup is made. */
  private void copyDatabase(ConfigurableApplicationContext engine, String home) throws Exception {
    Path script = directory.resolve("backup.sql");
    try (Connection connection = engine.getBean(DataSource.class).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SCRIPT TO '%s'".formatted(script));
    }
    Files.createDirectories(directory.resolve(home).resolve("h2"));
    restore(script, "jdbc:h2:file:" + directory.resolve(home).resolve("h2/engine"));
  }

  private static void restore(Path script, String url) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, "sa", "");
        Statement statement = connection.createStatement()) {
      statement.execute("RUNSCRIPT FROM '%s'".formatted(script));
    }
  }

  private void copyFiles(String from, String to) throws IOException {
    Path folder = Files.createDirectories(directory.resolve(to).resolve("h2"));
    Files.copy(directory.resolve(from).resolve("h2/engine.mv.db"), folder.resolve("engine.mv.db"));
  }

  private static String instance(ConfigurableApplicationContext engine, String key) {
    ProcessInstance instance =
        engine
            .getBean(RuntimeService.class)
            .startProcessInstanceByKey(
                "dask-cluster", key, Map.of("localPort", 0, "workers", 1, "tunnel", "direct"));
    return instance.getId();
  }

  private static String startCluster(ConfigurableApplicationContext engine, String key) {
    String instance = instance(engine, key);
    await()
        .atMost(LIMIT)
        .until(() -> "RUNNING".equals(variable(engine, instance, "clusterStatus")));
    return instance;
  }

  private static void send(ConfigurableApplicationContext engine, String instance, String message) {
    engine
        .getBean(RuntimeService.class)
        .createMessageCorrelation(message)
        .processInstanceId(instance)
        .correlate();
  }

  private static void awaitIncident(ConfigurableApplicationContext engine, String instance) {
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(
                        engine
                            .getBean(RuntimeService.class)
                            .createIncidentQuery()
                            .processInstanceId(instance)
                            .list())
                    .anySatisfy(
                        incident ->
                            assertThat(incident.getIncidentMessage())
                                .startsWith("This engine's database is a copy")));
  }

  private static Object variable(
      ConfigurableApplicationContext engine, String instance, String name) {
    return HistoricVariables.last(engine.getBean(HistoryService.class), instance, name);
  }

  private static boolean isOver(ConfigurableApplicationContext engine, String instance) {
    return engine
            .getBean(RuntimeService.class)
            .createProcessInstanceQuery()
            .processInstanceId(instance)
            .count()
        == 0;
  }

  private static Health identity(ConfigurableApplicationContext engine) {
    return (Health) engine.getBean(HealthEndpoint.class).healthForPath("unicoreDaskIdentity");
  }

  private List<String> running() {
    return site.jobs().stream().filter(LocalJob::running).map(LocalJob::id).sorted().toList();
  }
}

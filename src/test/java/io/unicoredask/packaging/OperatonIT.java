package io.unicoredask.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.offset;
import static org.awaitility.Awaitility.await;

import io.unicoredask.Browser;
import io.unicoredask.DaskClient;
import io.unicoredask.EngineProcess;
import io.unicoredask.FreePort;
import io.unicoredask.Patience;
import io.unicoredask.SchedulerPort;
import io.unicoredask.TestSite;
import io.unicoredask.localsite.LocalJob;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.util.FileSystemUtils;

/** The jar for Operaton in two nodes of an application that has Operaton's starters. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperatonIT {

  /** Has the application. */
  static final String PAGE = "src/docs/how-to/operaton.md";

  private static final String MODELLED_FOR_OPERATON = "operaton-cluster";
  private static final String PASSWORD = "of-the-test";

  @RegisterExtension static final Browser BROWSER = new Browser();

  private final Path directory = Path.of("target", "operaton-application").toAbsolutePath();
  private final String key = UUID.randomUUID().toString().substring(0, 8);
  private EmbeddedPostgres database;
  private EngineProcess one;
  private EngineProcess other;
  private int port;

  @BeforeAll
  void start() throws IOException {
    FileSystemUtils.deleteRecursively(directory);
    Files.createDirectories(directory.resolve("processes"));
    database = EmbeddedPostgres.start();
    Files.writeString(directory.resolve("admin-password"), PASSWORD);
    String cluster = Files.readString(Path.of("processes/dask-cluster.bpmn"));
    deploy("dask-cluster", cluster);
    deploy("dask-teardown", Files.readString(Path.of("processes/dask-teardown.bpmn")));
    deploy(
        MODELLED_FOR_OPERATON,
        cluster
            .replace("http://camunda.org/schema/1.0/bpmn", "http://operaton.org/schema/1.0/bpmn")
            .replace(
                "<bpmn:process id=\"dask-cluster\"",
                "<bpmn:process id=\"%s\"".formatted(MODELLED_FOR_OPERATON)));
    List<String> command =
        OperatonApplication.command(directory, Path.of(System.getProperty("operaton.jar")));
    port = FreePort.any();
    one = new EngineProcess(command, directory, port, configuration());
    other = new EngineProcess(command, directory, FreePort.any(), configuration());
  }

  private void deploy(String process, String model) throws IOException {
    Files.writeString(directory.resolve("processes").resolve(process + ".bpmn"), model);
  }

  /** One may be left dead by the test before; the first makes the tables. */
  @BeforeEach
  void haveBothLive() throws IOException {
    for (EngineProcess node : List.of(one, other)) {
      if (!node.isAlive()) {
        node.start();
      }
    }
  }

  private List<String> configuration() {
    String local = "--unicore-dask.sites.my-site.";
    return List.of(
        "--server.address=127.0.0.1",
        "--spring.datasource.url=" + database.getJdbcUrl("postgres", "postgres"),
        "--spring.datasource.username=postgres",
        "--ADMIN_PASSWORD=" + PASSWORD,
        "--spring.ssl.bundle.pem.local.truststore.certificate=file:"
            + TestSite.site().certificateFile(),
        local + "url=" + TestSite.site().baseUrl(),
        local + "username=" + TestSite.site().user(),
        local + "password-file=" + TestSite.site().passwordFile(),
        local + "ssl-bundle=local",
        local + "max-requests-per-second=1000",
        "--unicore-dask.watch.shortest=200ms",
        "--unicore-dask.watch.longest=1s",
        "--unicore-dask.watch.lease=3s");
  }

  @AfterAll
  void stop() throws IOException {
    one.close();
    other.close();
    database.close();
  }

  @Test
  void aClusterComputesScalesIsSeenInCockpitOutlivesItsNodeAndIsTornDown() throws Exception {
    String cluster = start(one, Map.of("workers", 1));
    await().atMost(Patience.LIMIT).until(() -> status(one, cluster).equals("RUNNING"));
    assertThat(computed(one, cluster, 1)).isCloseTo(Math.PI, offset(0.05));
    scale(one, 2);
    assertThat(computed(one, cluster, 2)).isCloseTo(Math.PI, offset(0.05));
    seenInCockpit(cluster);

    EngineProcess dead = EngineProcess.onDuty(one, other);
    int localPort = SchedulerPort.of(one.variable(cluster, "schedulerAddress"));
    EngineProcess living = dead == one ? other : one;
    dead.kill();
    await().atMost(Patience.LIMIT).until(() -> SchedulerPort.greets(localPort));
    assertThat(computed(living, cluster, 2)).isCloseTo(Math.PI, offset(0.05));
    assertThat(running(cluster)).as("the scheduler's job and two of workers").isEqualTo(3);

    dead.start();
    message(dead, "dask-cluster-teardown", Map.of());
    await().atMost(Patience.LIMIT).until(() -> status(dead, cluster).equals("STOPPED"));
    await().atMost(Patience.LIMIT).until(() -> running(cluster) == 0);
  }

  @Test
  void aClusterOfAModelInOperatonsNamespaceThatWaitsTooLongInTheQueueFails() throws Exception {
    String cluster =
        start(one, MODELLED_FOR_OPERATON, Map.of("queue", "full", "queueTimeout", "PT1S"));

    await().atMost(Patience.LIMIT).until(() -> status(one, cluster).equals("FAILED"));
    assertThat(one.variable(cluster, "errorCode")).isEqualTo("DASK_QUEUE_TIMEOUT");
  }

  @Test
  void aRefusedStartIsA400ThatNamesTheVariable() {
    assertThatExceptionOfType(EngineProcess.RefusedException.class)
        .isThrownBy(() -> start(one, Map.of("n_workers", 2)))
        .withMessageStartingWith("400")
        .withMessageContaining("n_workers")
        .withMessageContaining("workers");
  }

  private void seenInCockpit(String cluster) {
    String cockpit = "http://localhost:%d/operaton/app/cockpit".formatted(port);
    BROWSER.login(cockpit, "admin", PASSWORD);
    // What Operaton's own pages complain of before anybody has logged in is theirs.
    BROWSER.complaints();
    BROWSER.open(cockpit + "/default/#/process-instance/" + cluster + "/runtime");
    BROWSER.see(".ud-wait", "ready, 2 workers");
    BROWSER.open(cockpit + "/default/#/dask-clusters");
    BROWSER.see(".ud-clusters", key);
    BROWSER.click(Browser.withText(key));
    BROWSER.see(".ud-cluster", "2 connected, 2 workers wanted");
    BROWSER.screenshot("operaton-cockpit");
    BROWSER.open("http://localhost:%d/operaton/unicore-dask/".formatted(port));
    BROWSER.see("#links", "admin");
    // Who starts one over the open REST API is nobody.
    BROWSER.see("main", "There is no cluster of yours");
    assertThat(BROWSER.complaints()).isEmpty();
  }

  private String start(EngineProcess node, Map<String, Object> variables) throws IOException {
    return start(node, "dask-cluster", variables);
  }

  private String start(EngineProcess node, String process, Map<String, Object> variables)
      throws IOException {
    Map<String, Object> all = new HashMap<>(Map.of("site", "my-site", "localPort", 0));
    all.putAll(variables);
    Map<String, Object> request = new HashMap<>();
    all.forEach((name, value) -> request.put(name, Map.of("value", value)));
    return node.post(
            "/process-definition/key/%s/start".formatted(process),
            Map.of("businessKey", key, "variables", request))
        .path("id")
        .asText();
  }

  private void scale(EngineProcess node, int workers) throws IOException {
    message(node, "dask-cluster-scale", Map.of("workers", Map.of("value", workers)));
  }

  private void message(EngineProcess node, String name, Map<String, Object> variables)
      throws IOException {
    node.post(
        "/message", Map.of("messageName", name, "businessKey", key, "processVariables", variables));
  }

  private static double computed(EngineProcess node, String cluster, int workers) throws Exception {
    String address = node.variable(cluster, "schedulerAddress");
    return DaskClient.compute(TestSite.python(), address, workers).path("result").asDouble();
  }

  private static long running(String cluster) {
    return TestSite.site().jobs().stream()
        .filter(LocalJob::running)
        .filter(job -> job.tags().stream().anyMatch(tag -> tag.endsWith(cluster)))
        .count();
  }

  private static String status(EngineProcess node, String cluster) throws IOException {
    return node.variable(cluster, "clusterStatus");
  }
}

package io.unicoredask.camunda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.DaskClient;
import io.unicoredask.FreePort;
import io.unicoredask.TestSite;
import io.unicoredask.localsite.LocalJob;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests;
import org.junit.jupiter.api.Test;

/**
 * The examples in the documentation of PyUNICORE's {@code UNICORECluster}, one by one, each as a
 * cluster of the process {@code dask-cluster}.
 */
class UnicoreClusterDocsTest extends ProcessTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Map<String, Object> BATCH_AND_PROJECT =
      Map.of("queue", "batch", "project", "my-project");

  private static final String SCHEDULER_JOB =
      """
      {
        "Executable": "conda run -n dask dask-scheduler",
        "Resources": {"Runtime": "2h"},
        "Tags": ["dask", "testing"]
      }
      """;

  /** The documentation says dask-scheduler here as well, by mistake. */
  private static final String WORKER_JOB =
      """
      {
        "Executable": "srun --tasks=1 conda run -n dask dask-worker",
        "Resources": {"Nodes": "2"}
      }
      """;

  private static final String ALLOCATION =
      """
      {
        "Job type": "ALLOCATE",
        "Resources": {"Runtime": "60m", "Queue": "batch", "Project": "myproject"}
      }
      """;

  @Test
  void aClusterInAQueueWithAProjectIsScaledToTwoWorkersAndComputes() throws Exception {
    ProcessInstance cluster = start(BATCH_AND_PROJECT);
    awaitStatus(cluster, "RUNNING");

    send(cluster, "dask-cluster-scale", Map.of("workers", 2, "waitForStartup", true));
    awaitConnected(cluster, 2);

    assertThat(DaskClient.compute(TestSite.python(), address(cluster), 2).path("workers"))
        .hasSize(2);
    assertThat(scripts(cluster))
        .hasSize(3)
        .allSatisfy(
            script ->
                assertThat(script).contains("#TSI_QUEUE batch\n", "#TSI_PROJECT my-project\n"));
  }

  @Test
  void schedulerAndWorkersRunAsCustomJobDescriptionsSay() throws Exception {
    ProcessInstance cluster =
        start(
            with(
                BATCH_AND_PROJECT,
                Map.of(
                    "schedulerJob",
                    SCHEDULER_JOB,
                    "workerJob",
                    WORKER_JOB,
                    "workers",
                    1,
                    "lifetime",
                    "PT12H")));
    awaitStatus(cluster, "RUNNING");

    DaskClient.compute(TestSite.python(), address(cluster), 1);
    LocalJob scheduler = jobs(cluster).get(1);
    LocalJob worker = jobs(cluster).get(0);
    assertThat(scheduler.tags()).contains("dask", "testing");
    assertThat(worker.tags()).doesNotContain("testing");
    assertThat(TestSite.script(scheduler))
        .contains("conda run -n dask dask-scheduler --port 0 --scheduler-file ./dask.json")
        .contains("#TSI_TIME 7200\n", "#TSI_QUEUE batch\n", "#TSI_PROJECT my-project\n");
    assertThat(TestSite.script(worker))
        .contains("srun --tasks=1 conda run -n dask dask-worker --scheduler-file '/")
        .contains("#TSI_NODES 2\n", "#TSI_QUEUE batch\n", "#TSI_PROJECT my-project\n");
    await().atMost(LIMIT).until(() -> variable(cluster, "schedulerEndsAt") != null);
    assertThat(OffsetDateTime.parse((String) variable(cluster, "schedulerEndsAt")).toInstant())
        .isBetween(
            Instant.now().plus(Duration.ofHours(1)), Instant.now().plus(Duration.ofHours(2)));
    await()
        .atMost(LIMIT)
        .until(
            () ->
                String.valueOf(variable(cluster, "clusterWarning"))
                    .contains("lifetime = PT12H is longer than the time of the scheduler's job"));
  }

  @Test
  void aClusterIsScaledToSoManyWorkers() {
    ProcessInstance cluster = start(Map.of());
    awaitStatus(cluster, "RUNNING");

    send(cluster, "dask-cluster-scale", Map.of("workers", 2));
    awaitConnected(cluster, 2);

    assertThat(runningJobs(cluster)).hasSize(3);
  }

  @Test
  void aClusterIsScaledToJobsOfSeveralWorkersWithThreads() throws Exception {
    ProcessInstance cluster = start(Map.of("workerJob", TestSite.WITH_NANNY));
    awaitStatus(cluster, "RUNNING");

    send(cluster, "dask-cluster-scale", Map.of("processes", 4, "threads", 128, "jobs", 2));
    awaitConnected(cluster, 8);

    assertThat(runningJobs(cluster)).hasSize(3);
    assertThat(threads(cluster, 8)).hasSize(8).allMatch(threads -> threads.intValue() == 128);
  }

  /** As with PyUNICORE, whose job descriptions are made anew for each job. */
  @Test
  void processesAndThreadsThatAreChangedLaterCountForNewJobs() throws Exception {
    ProcessInstance cluster =
        start(Map.of("workers", 1, "threads", 1, "workerJob", TestSite.WITH_NANNY));
    awaitStatus(cluster, "RUNNING");

    send(cluster, "dask-cluster-scale", Map.of("processes", 2, "threads", 3, "jobs", 2));
    awaitConnected(cluster, 3);

    assertThat(threads(cluster, 3)).extracting(JsonNode::intValue).containsExactly(1, 3, 3);
  }

  @Test
  void theDashboardIsUsableAtItsPort() throws Exception {
    int port = FreePort.any();
    ProcessInstance cluster =
        start(
            Map.of(
                "connectDashboard",
                true,
                "localDashboardPort",
                port,
                "workers",
                1,
                "schedulerJob",
                TestSite.WITH_BOKEH));
    awaitStatus(cluster, "RUNNING");
    String base = "127.0.0.1:" + port;
    assertThat(variable(cluster, "dashboardUrl")).isEqualTo("http://" + base + "/status");

    String page = get("http://" + base + "/status");
    assertThat(page).contains("Dask").containsIgnoringCase("bokeh");
    if (page.contains("bokeh.min.js")) {
      assertThat(get("http://" + base + "/static/js/bokeh.min.js")).contains("Bokeh");
      assertTheBokehSessionOpens(base, page);
    }
  }

  @Test
  void theDashboardsEventsComeThroughAWebSocket() throws Exception {
    ProcessInstance cluster =
        start(Map.of("connectDashboard", true, "localDashboardPort", FreePort.any()));
    awaitStatus(cluster, "RUNNING");
    String dashboard = (String) variable(cluster, "dashboardUrl");
    Received received = new Received();
    WebSocket events =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(
                URI.create(dashboard.replace("http:", "ws:").replace("/status", "/eventstream")),
                received)
            .join();

    send(cluster, "dask-cluster-scale", Map.of("workers", 1));

    assertThat(received.next()).contains("add_worker");
    events.abort();
  }

  @Test
  void aClusterRunsInAnAllocationThatIsMadeForIt() throws Exception {
    ProcessInstance cluster =
        start(
            Map.of(
                "allocation",
                ALLOCATION,
                "schedulerJob",
                inAllocation("dask-scheduler"),
                "workerJob",
                inAllocation("dask-worker"),
                "workers",
                1));
    awaitStatus(cluster, "RUNNING");

    DaskClient.compute(TestSite.python(), address(cluster), 1);
    assertThat(TestSite.unicore().job(uri(cluster, "allocationUrl")).isUsableAllocation()).isTrue();
    assertThat(TestSite.unicore().job(uri(cluster, "schedulerJobUrl")).jobType())
        .isEqualTo("ON_LOGIN_NODE");
  }

  @Test
  void aClusterRunsInAnAllocationThatSomebodyElseMade() throws Exception {
    URI allocation =
        TestSite.unicore()
            .resolve(TestSite.unicore().submit((ObjectNode) JSON.readTree(ALLOCATION)));
    try {
      await().atMost(LIMIT).until(() -> TestSite.unicore().job(allocation).isUsableAllocation());
      ProcessInstance cluster =
          start(
              Map.of(
                  "allocation",
                  allocation.toString(),
                  "schedulerJob",
                  inAllocation("dask-scheduler"),
                  "workerJob",
                  inAllocation("dask-worker"),
                  "workers",
                  1));
      awaitStatus(cluster, "RUNNING");

      DaskClient.compute(TestSite.python(), address(cluster), 1);
      send(cluster, "dask-cluster-teardown", Map.of());
      awaitEnd(cluster);

      assertStopped(cluster, "teardown");
      assertThat(TestSite.unicore().job(allocation).isUsableAllocation()).isTrue();
    } finally {
      TestSite.unicore().abort(allocation);
    }
  }

  private static String inAllocation(String program) {
    return "{\"Executable\": \"srun --tasks=1 conda run -n dask %s\"}".formatted(program);
  }

  private void awaitConnected(ProcessInstance cluster, int workers) {
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              BpmnAwareTests.assertThat(cluster).isWaitingAtExactly("Cluster", "ClusterReady");
              assertThat(variable(cluster, "connectedWorkers")).isEqualTo(workers);
            });
  }

  /** What the client sees of the workers: how many threads each has, in order. */
  private List<JsonNode> threads(ProcessInstance cluster, int workers) throws IOException {
    try (DaskClient client =
        new DaskClient(TestSite.python(), "/clients/hold.py", address(cluster), workers)) {
      return client
          .answer()
          .path("nthreads")
          .valueStream()
          .sorted((one, other) -> one.intValue() - other.intValue())
          .toList();
    }
  }

  private List<String> scripts(ProcessInstance cluster) throws IOException {
    List<String> scripts = new ArrayList<>();
    for (LocalJob job : jobs(cluster)) {
      scripts.add(TestSite.script(job));
    }
    return scripts;
  }

  /** Bokeh's server speaks first, to whoever brings the token of the page. */
  private static void assertTheBokehSessionOpens(String base, String page) throws Exception {
    Matcher token = Pattern.compile("\"token\":\"([^\"]+)\"").matcher(page);
    assertThat(token.find()).as(page).isTrue();
    Received received = new Received();
    WebSocket session =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .subprotocols("bokeh", token.group(1))
            .buildAsync(URI.create("ws://" + base + "/status/ws"), received)
            .join();
    assertThat(received.next()).contains("\"ACK\"");
    session.abort();
  }

  private static String get(String url) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(url)).build(),
                HttpResponse.BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).as(url).isEqualTo(200);
    return new String(answer.body(), UTF_8);
  }

  private static Map<String, Object> with(Map<String, Object> some, Map<String, Object> others) {
    Map<String, Object> all = new HashMap<>(some);
    all.putAll(others);
    return all;
  }

  private String address(ProcessInstance cluster) {
    return (String) variable(cluster, "schedulerAddress");
  }

  private URI uri(ProcessInstance cluster, String variable) {
    return URI.create((String) variable(cluster, variable));
  }

  /** What comes through a web socket, message by message. */
  private static class Received implements WebSocket.Listener {
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final StringBuilder parts = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
      parts.append(text);
      if (last) {
        messages.add(parts.toString());
        parts.setLength(0);
      }
      socket.request(1);
      return null;
    }

    String next() throws InterruptedException {
      return messages.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
  }
}

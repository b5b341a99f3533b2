package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unicoredask.DaskEnvironment;
import io.unicoredask.TestSite;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.spin.json.SpinJsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which jobs are ended when a cluster shrinks, and what is said about it. */
@Tag(DaskEnvironment.TAG)
class ScaleDownTest extends ProcessTest {

  private static final String ROUTES = "DASK_DISTRIBUTED__SCHEDULER__HTTP__ROUTES";

  private Process client;

  @AfterEach
  void endTheClient() {
    if (client != null) {
      client.destroyForcibly();
    }
  }

  @Test
  void withoutTheApiIdleWorkersGoFirstAndTheWarningSaysWhatCouldNotBeDone() throws IOException {
    ProcessInstance cluster = start(withRoutes("'distributed.http.scheduler.info'"));
    awaitStatus(cluster, "RUNNING");
    assertThat(variable(cluster, "clusterWarning")).isNull();
    compute(cluster, "worker-1", "worker-3");
    List<String> urls = workerJobs(cluster);

    send(cluster, "dask-cluster-scale", Map.of("workers", 2));
    await().atMost(LIMIT).until(() -> workerJobs(cluster).size() == 2);

    assertThat(workerJobs(cluster)).containsExactly(urls.get(0), urls.get(2));
    assertThat((String) variable(cluster, "clusterWarning"))
        .contains("HTTP API is off")
        .contains(ROUTES);
    assertThat(variable(cluster, "clusterStatus")).isEqualTo("RUNNING");
  }

  @Test
  void withoutAnyPageTheNewestGoes() {
    ProcessInstance cluster = start(withRoutes("'distributed.http.health'"));
    awaitStatus(cluster, "RUNNING");
    List<String> urls = workerJobs(cluster);

    send(cluster, "dask-cluster-scale", Map.of("workers", 2));
    await().atMost(LIMIT).until(() -> workerJobs(cluster).size() == 2);

    assertThat(workerJobs(cluster)).containsExactly(urls.get(0), urls.get(1));
    assertThat((String) variable(cluster, "clusterWarning")).contains("HTTP API is off");
  }

  @Test
  void jobsThatAreStillQueuedGoBeforeNewerOnesThatCompute() {
    ProcessInstance cluster = start(Map.of("workers", 1));
    awaitStatus(cluster, "RUNNING");
    send(cluster, "dask-cluster-scale", Map.of("workers", 2, "queue", "full"));
    await().atMost(LIMIT).until(() -> workerJobs(cluster).size() == 2);
    send(cluster, "dask-cluster-scale", Map.of("workers", 3, "queue", "batch"));
    await().atMost(LIMIT).until(() -> workerJobs(cluster).size() == 3);
    await()
        .atMost(LIMIT)
        .until(() -> Integer.valueOf(2).equals(variable(cluster, "connectedWorkers")));
    List<String> urls = workerJobs(cluster);

    send(cluster, "dask-cluster-scale", Map.of("workers", 2));
    await().atMost(LIMIT).until(() -> workerJobs(cluster).size() == 2);

    assertThat(workerJobs(cluster)).containsExactly(urls.get(0), urls.get(2));
    assertThat(variable(cluster, "clusterWarning")).isNull();
  }

  @Test
  void aDashboardThatShowsNothingIsWarnedOf() {
    ProcessInstance cluster =
        start(
            Map.of(
                "connectDashboard", true, "schedulerJob", "{\"Arguments\": [\"--no-dashboard\"]}"));
    awaitStatus(cluster, "RUNNING");

    assertThat((String) variable(cluster, "clusterWarning"))
        .contains("connectDashboard")
        .contains("--no-dashboard");
  }

  @Test
  void jobsOfAnAllocationWithoutALauncherAreWarnedOf() {
    ProcessInstance cluster =
        start(Map.of("workers", 1, "allocation", "{\"Resources\": {\"Nodes\": 2}}"));
    awaitStatus(cluster, "RUNNING");

    assertThat((String) variable(cluster, "clusterWarning"))
        .contains("'dask-scheduler' has no launcher")
        .contains("'dask-worker' has no launcher");
  }

  private static Map<String, Object> withRoutes(String page) {
    return new HashMap<>(
        Map.of(
            "workers",
            3,
            // Where there is an agent, the API is not needed.
            "tunnel",
            "direct",
            "schedulerJob",
            "{\"Environment\": [\"%s=['distributed.http.scheduler.json',%s]\"]}"
                .formatted(ROUTES, page)));
  }

  /** Keeps these workers busy. */
  private void compute(ProcessInstance cluster, String... workers) throws IOException {
    String program =
        """
        import sys, time
        from dask.distributed import Client
        client = Client(sys.argv[1])
        busy = [client.submit(time.sleep, 600, workers=[w], pure=False) for w in sys.argv[2:]]
        while sum(map(len, client.processing().values())) < len(busy):
            time.sleep(0.1)
        print("computing", flush=True)
        time.sleep(600)
        """;
    List<String> command =
        new ArrayList<>(
            List.of(
                TestSite.python().toString(),
                "-c",
                program,
                (String) variable(cluster, "schedulerAddress")));
    command.addAll(List.of(workers));
    client = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    assertThat(client.inputReader().readLine()).isEqualTo("computing");
  }

  private List<String> workerJobs(ProcessInstance cluster) {
    return ((SpinJsonNode) variable(cluster, "workerJobUrls"))
        .elements().stream().map(SpinJsonNode::stringValue).toList();
  }
}

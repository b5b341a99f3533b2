package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests;
import org.camunda.bpm.engine.variable.value.FileValue;
import org.junit.jupiter.api.Test;

/** What the jobs of a cluster have written, for whoever asks. */
class LogsTest extends ProcessTest {

  @Test
  void theLogsOfTheSchedulerAndTheWorkersAreThereForTheAsking() throws IOException {
    ProcessInstance cluster = start(Map.of("workers", 1));
    awaitStatus(cluster, "RUNNING");

    String logs = logs(cluster);

    assertThat(section(logs, "scheduler stderr"))
        .contains((String) variable(cluster, "schedulerJobUrl"))
        .contains("RUNNING", "Scheduler at:");
    assertThat(section(logs, "worker-1 stderr"))
        .contains("/jobs/", "RUNNING", "Registered to:")
        .doesNotContain("Scheduler at:");
    FileValue file = runtimeService.getVariableTyped(cluster.getId(), "clusterLogs");
    assertThat(file.getFilename()).isEqualTo("dask-cluster.log");
    assertThat(file.getMimeType()).isEqualTo("text/plain");
    assertThat(file.getEncoding()).isEqualTo("UTF-8");
    assertThat(variable(cluster, "clusterStatus")).isEqualTo("RUNNING");
  }

  @Test
  void aJobThatHasWrittenNothingIsSaidToWhileTheClusterGoesOnComingUp() throws IOException {
    ProcessInstance cluster = start(Map.of("workers", 1, "workerJob", onFullQueue()));
    await()
        .atMost(LIMIT)
        .until(() -> "0 of 1 workers connected".equals(variable(cluster, "clusterProgress")));

    String logs = logs(cluster);

    assertThat(section(logs, "scheduler stderr")).contains("Scheduler at:");
    assertThat(section(logs, "worker-1 stderr")).contains("QUEUED", "there is none");
    BpmnAwareTests.assertThat(cluster).isWaitingAtExactly("Cluster", "ScaleWorkers");
    assertThat(variable(cluster, "clusterProgress"))
        .asString()
        .startsWith("0 of 1 workers connected");
    assertThat(variable(cluster, "clusterStatus")).isEqualTo("PENDING");
  }

  @Test
  void beforeTheSchedulersJobRunsThatIsSaid() throws IOException {
    ProcessInstance cluster = start(Map.of("queue", "full"));
    await().atMost(LIMIT).until(() -> variable(cluster, "schedulerJobUrl") != null);

    assertThat(section(logs(cluster), "scheduler stdout")).contains("there is none");
  }

  private static String onFullQueue() {
    return "{\"Resources\": {\"Queue\": \"full\"}}";
  }

  private String logs(ProcessInstance cluster) throws IOException {
    send(cluster, "dask-cluster-logs", Map.of());
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              BpmnAwareTests.assertThat(cluster).hasPassed("LogsRead");
              assertThat(variable(cluster, "clusterLogs")).isNotNull();
            });
    try (InputStream file = (InputStream) variable(cluster, "clusterLogs")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String section(String logs, String what) {
    int begin = logs.indexOf("==> " + what + ", ");
    assertThat(begin).as(logs).isNotNegative();
    int end = logs.indexOf("\n==> ", begin);
    return end < 0 ? logs.substring(begin) : logs.substring(begin, end);
  }
}

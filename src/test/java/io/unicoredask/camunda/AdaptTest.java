package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.unicoredask.DaskClient;
import io.unicoredask.DaskEnvironment;
import io.unicoredask.TestSite;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.camunda.bpm.engine.BadUserRequestException;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests;
import org.camunda.spin.json.SpinJsonNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clusters that have as many workers as their work wants. */
@Tag(DaskEnvironment.TAG)
class AdaptTest extends ProcessTest {

  private static final int TASKS = 40;

  /** 0 + 1 + 4 + 9 + … + 39 · 39. */
  private static final int SUM = 20_540;

  private static final Map<String, Object> UP_TO_TWO = Map.of("adapt", "{\"maximum\": 2}");

  @Test
  void workersComeWhenThereIsWorkAndGoWhenThereIsNone() throws Exception {
    followsItsWork(TestSite.python(), UP_TO_TWO);
  }

  @Test
  void theOldestDaskIsFollowedAsWell() throws Exception {
    DaskEnvironment oldest = DaskEnvironment.OLDEST;
    oldest.require();
    String job = "{\"Arguments\": [\"--host\", \"127.0.0.1\"]}";
    followsItsWork(
        oldest.python(),
        Map.of(
            "adapt",
            "{\"minimum\": 0, \"maximum\": 2, \"wait_count\": 2}",
            "site",
            oldest.toString(),
            "schedulerJob",
            job,
            "workerJob",
            job));
  }

  private void followsItsWork(Path python, Map<String, Object> variables) throws Exception {
    ProcessInstance cluster = start(variables);
    awaitStatus(cluster, "RUNNING");
    assertThat(variable(cluster, "clusterSize")).isEqualTo("0 to 2 workers");
    assertThat(jobs(cluster)).hasSize(1);

    String address = (String) variable(cluster, "schedulerAddress");
    try (DaskClient client = new DaskClient(python, "/clients/slow.py", address, TASKS)) {
      client.answer();
      awaitConnected(cluster, 2);
      assertThat(client.answer().path("sum").asInt()).isEqualTo(SUM);
      awaitJobs(cluster, 0);
    }

    assertThat(variable(cluster, "clusterStatus")).isEqualTo("RUNNING");
    assertThat(variable(cluster, "clusterWarning")).isNull();
    assertThat(variable(cluster, "scaleErrorCode")).isNull();
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> BpmnAwareTests.assertThat(cluster).isWaitingAtExactly("Cluster", "ClusterReady"));
  }

  @Test
  void jobsThatWaitInTheQueueAreEndedWhenTheirWorkIsGone() throws Exception {
    Map<String, Object> variables = new HashMap<>(UP_TO_TWO);
    variables.put("workerJob", "{\"Resources\": {\"Queue\": \"full\"}}");
    ProcessInstance cluster = start(variables);
    awaitStatus(cluster, "RUNNING");

    String address = (String) variable(cluster, "schedulerAddress");
    try (DaskClient client = new DaskClient(TestSite.python(), "/clients/slow.py", address, 90)) {
      client.answer();
      awaitJobs(cluster, 2);
      BpmnAwareTests.assertThat(cluster).isWaitingAtExactly("Cluster", "ClusterReady");
    }

    awaitJobs(cluster, 0);
    assertThat(variable(cluster, "clusterStatus")).isEqualTo("RUNNING");
  }

  @Test
  void aLostWorkerIsReplacedAsLongAsItIsWanted() {
    ProcessInstance cluster = start(Map.of("adapt", "{\"minimum\": 1, \"maximum\": 2}"));
    awaitStatus(cluster, "RUNNING");
    assertThat(variable(cluster, "connectedWorkers")).isEqualTo(1);

    TestSite.unicore().abort(URI.create(workerJobs(cluster).elements().get(0).stringValue()));
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(variable(cluster, "workerJobStatus"))
                    .hasToString("{\"worker-2\":\"CONNECTED\"}"));
  }

  @Test
  void theMinimumHoldsThoughWorkersEndByThemselves() {
    ProcessInstance cluster =
        start(
            Map.of(
                "adapt",
                "{\"minimum\": 1, \"maximum\": 2}",
                "maxReplacements",
                0,
                "workerJob",
                "{\"Arguments\": [\"--lifetime\", \"5s\"]}"));

    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(variable(cluster, "workerJobStatus"))
                    .hasToString("{\"worker-3\":\"CONNECTED\"}"));
  }

  @Test
  void aSizeEndsTheAdaptingAndBoundsBeginItAgain() {
    ProcessInstance cluster = start(UP_TO_TWO);
    awaitStatus(cluster, "RUNNING");

    send(cluster, "dask-cluster-scale", Map.of("workers", 1));
    awaitConnected(cluster, 1);
    assertThat(variable(cluster, "clusterSize")).isEqualTo("1 worker");
    assertThat(variable(cluster, "adapt")).isNull();

    send(cluster, "dask-cluster-scale", Map.of("adapt", "{\"minimum\": 2, \"maximum\": 3}"));
    awaitConnected(cluster, 2);
    assertThat(variable(cluster, "clusterSize")).isEqualTo("2 to 3 workers");
    assertThat(variable(cluster, "workers")).isNull();

    send(cluster, "dask-cluster-scale", Map.of("adapt", "{\"minimum\": 0, \"maximum\": 3}"));
    awaitJobs(cluster, 0);
    assertThatExceptionOfType(BadUserRequestException.class)
        .isThrownBy(() -> send(cluster, "dask-cluster-scale", Map.of("adapt", "{\"target\": 3}")))
        .withMessageContaining("adapt.target")
        .withMessageContaining("[minimum, maximum, wait_count]");
    assertThat(variable(cluster, "clusterSize")).isEqualTo("0 to 3 workers");
  }

  @Test
  void aSchedulerThatCannotBeAskedKeepsTheMinimumAndTheWarningSaysSo() {
    ProcessInstance cluster =
        start(
            Map.of(
                "adapt",
                "{\"minimum\": 1, \"maximum\": 2}",
                "tunnel",
                "direct",
                "schedulerJob",
                "{\"Environment\": [\"DASK_DISTRIBUTED__SCHEDULER__HTTP__ROUTES=['distributed.http.scheduler.json']\"]}"));
    awaitStatus(cluster, "RUNNING");

    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat((String) variable(cluster, "clusterWarning"))
                    .contains("adapt: the scheduler cannot say", "HTTP API is off"));
    assertThat(variable(cluster, "connectedWorkers")).isEqualTo(1);
  }

  private void awaitConnected(ProcessInstance cluster, int workers) {
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(variable(cluster, "connectedWorkers")).isEqualTo(workers));
  }

  private void awaitJobs(ProcessInstance cluster, int jobs) {
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(workerJobs(cluster).elements()).hasSize(jobs));
  }

  private SpinJsonNode workerJobs(ProcessInstance cluster) {
    return (SpinJsonNode) variable(cluster, "workerJobUrls");
  }
}

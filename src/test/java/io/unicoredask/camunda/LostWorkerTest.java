package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.unicoredask.DaskClient;
import io.unicoredask.TestSite;
import io.unicoredask.localsite.LocalJob;
import io.unicoredask.unicore.JobStatus;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests;
import org.camunda.spin.plugin.variable.value.JsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Worker jobs that end unexpectedly are replaced, but not for ever. */
class LostWorkerTest extends ProcessTest {

  @Test
  void aLostWorkerJobIsReplaced() {
    ProcessInstance cluster = start(Map.of("workers", 2));
    awaitStatus(cluster, "RUNNING");
    awaitWorkers(cluster, Map.of("worker-1", "CONNECTED", "worker-2", "CONNECTED"));

    end(cluster, "worker-1");

    awaitWorkers(cluster, Map.of("worker-2", "CONNECTED", "worker-3", "CONNECTED"));
    assertThat(variable(cluster, "connectedWorkers")).isEqualTo(2);
    assertThat(variable(cluster, "clusterStatus")).isEqualTo("RUNNING");
    awaitRunningJobs(cluster, 3);
  }

  @Test
  void oneThatTheBatchSystemKillsAsAWholeIsReplacedWhileTheSiteStillSaysThatItRuns() {
    ProcessInstance cluster = start(Map.of("workers", 1));
    awaitStatus(cluster, "RUNNING");
    LocalJob killed = job(cluster, "worker-1");
    URI url = URI.create(TestSite.site().baseUrl() + "/jobs/" + killed.id());
    await().atMost(LIMIT).until(() -> TestSite.unicore().job(url).status() == JobStatus.RUNNING);

    TestSite.site().cancel(killed.id());

    awaitWorkers(cluster, Map.of("worker-2", "CONNECTED"));
    assertThat(TestSite.unicore().job(url).status()).isEqualTo(JobStatus.RUNNING);
  }

  @Test
  void oneThatEndsByItselfIsNoLossAndCountsAgainstNothing() {
    ProcessInstance cluster =
        start(
            Map.of(
                "workers",
                1,
                "maxReplacements",
                0,
                "workerJob",
                "{\"Arguments\": [\"--lifetime\", \"10s\"]}"));
    awaitWorkers(cluster, Map.of("worker-3", "CONNECTED"));

    assertThat(variable(cluster, "scaleErrorCode")).isNull();
    assertThat(variable(cluster, "clusterStatus")).isEqualTo("RUNNING");
  }

  @Test
  void aJobWhoseWorkerIsGoneForGoodIsEndedAndReplaced() throws Exception {
    String stays =
        "sh -c '\"%s\" -m distributed.cli.dask_worker --host 127.0.0.1 \"$@\"; sleep 600' worker"
            .formatted(TestSite.python().toAbsolutePath());
    ProcessInstance cluster =
        start(
            Map.of(
                "workers",
                1,
                "workerLostAfter",
                "PT2S",
                "workerJob",
                new ObjectMapper().createObjectNode().put("Executable", stays).toString()));
    awaitStatus(cluster, "RUNNING");

    DaskClient.retireAll(TestSite.python(), (String) variable(cluster, "schedulerAddress"));

    awaitWorkers(cluster, Map.of("worker-2", "CONNECTED"));
    awaitRunningJobs(cluster, 2);
  }

  @Test
  void noMoreAreReplacedThanAllowedAndTheClusterGoesOnWithoutThem() {
    ProcessInstance cluster = start(Map.of("workers", 2, "maxReplacements", 0));
    awaitStatus(cluster, "RUNNING");

    end(cluster, "worker-2");

    await()
        .atMost(LIMIT)
        .until(() -> "DASK_WORKER_FAILED".equals(variable(cluster, "scaleErrorCode")));
    assertThat((String) variable(cluster, "scaleErrorMessage"))
        .contains("1 of 2 worker jobs", "worker-2", "maxReplacements = 0");
    awaitWorkers(cluster, Map.of("worker-1", "CONNECTED", "worker-2", "LOST"));
    assertThat(variable(cluster, "clusterStatus")).isEqualTo("RUNNING");

    send(cluster, "dask-cluster-scale", Map.of("workers", 2));
    awaitWorkers(cluster, Map.of("worker-1", "CONNECTED", "worker-3", "CONNECTED"));
    assertThat(variable(cluster, "scaleErrorCode")).isNull();
  }

  @Test
  void oneThatIsLostWhileTheOthersAreStillQueuedIsReplacedToo(@TempDir Path directory)
      throws IOException {
    Path runs = directory.resolve("the second runs");
    String second =
        "sh -c 'case \"$*\" in *worker-2*) until [ -e \"%s\" ]; do sleep 0.2; done;; esac; exec \"%s\" -m distributed.cli.dask_worker --host 127.0.0.1 \"$@\"' worker"
            .formatted(runs, TestSite.python().toAbsolutePath());
    ProcessInstance cluster =
        start(
            Map.of(
                "workers",
                2,
                "workerJob",
                new ObjectMapper().createObjectNode().put("Executable", second).toString()));
    awaitWorkers(cluster, Map.of("worker-1", "CONNECTED", "worker-2", "RUNNING"));

    end(cluster, "worker-1");

    await().atMost(LIMIT).until(() -> jobs(cluster).size() == 4);
    Files.createFile(runs);
    awaitStatus(cluster, "RUNNING");
    awaitWorkers(cluster, Map.of("worker-2", "CONNECTED", "worker-3", "CONNECTED"));
  }

  @Test
  void replacementsOfReplacementsCountToo() {
    ProcessInstance cluster = start(Map.of("workers", 1, "maxReplacements", 1));
    awaitStatus(cluster, "RUNNING");
    end(cluster, "worker-1");
    awaitWorkers(cluster, Map.of("worker-2", "CONNECTED"));
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> BpmnAwareTests.assertThat(cluster).isWaitingAtExactly("Cluster", "ClusterReady"));

    end(cluster, "worker-2");

    await().atMost(LIMIT).until(() -> variable(cluster, "scaleErrorMessage") != null);
    assertThat((String) variable(cluster, "scaleErrorMessage"))
        .contains("1 were already", "maxReplacements = 1");
    assertThat(jobs(cluster)).hasSize(3);
  }

  @Test
  void jobsThatFailWhileManyAreBeingSubmittedEndTheScaling() {
    ProcessInstance cluster = start(Map.of());
    awaitStatus(cluster, "RUNNING");

    send(
        cluster,
        "dask-cluster-scale",
        Map.of("jobs", 60, "workerJob", "{\"Executable\": \"false && true\"}"));

    await().atMost(LIMIT).until(() -> variable(cluster, "scaleErrorMessage") != null);
    assertThat(variable(cluster, "scaleErrorCode")).isEqualTo("DASK_WORKER_FAILED");
    assertThat(jobs(cluster)).hasSizeLessThanOrEqualTo(61);
    assertThat(variable(cluster, "clusterStatus")).isEqualTo("RUNNING");
  }

  @Test
  void aJobWhoseWorkersNeverConnectedIsNotReplaced() {
    ProcessInstance cluster =
        start(
            Map.of(
                "workers",
                1,
                "waitForStartup",
                false,
                "queueWorkers",
                "afterScheduler",
                "workerJob",
                "{\"Executable\": \"false && true\"}"));
    awaitStatus(cluster, "RUNNING");

    await().atMost(LIMIT).until(() -> variable(cluster, "scaleErrorMessage") != null);
    assertThat((String) variable(cluster, "scaleErrorMessage")).contains("never been connected");
    assertThat(jobs(cluster)).hasSize(2);
  }

  private void awaitWorkers(ProcessInstance cluster, Map<String, String> status) {
    await()
        .atMost(LIMIT)
        // The engine replaces the value of a JSON variable in two steps.
        .ignoreException(IllegalArgumentException.class)
        .untilAsserted(
            () -> {
              JsonValue found =
                  runtimeService.getVariableTyped(
                      cluster.getId(), DaskVariables.WORKER_JOB_STATUS, false);
              assertThat(found).isNotNull();
              assertThat(new ObjectMapper().readValue(found.getValueSerialized(), Map.class))
                  .isEqualTo(status);
            });
  }

  private void end(ProcessInstance cluster, String name) {
    String id = job(cluster, name).id();
    TestSite.unicore().abort(URI.create(TestSite.site().baseUrl() + "/jobs/" + id));
  }

  private LocalJob job(ProcessInstance cluster, String name) {
    List<LocalJob> found =
        runningJobs(cluster).stream()
            .filter(job -> job.tags().stream().anyMatch(tag -> tag.endsWith("-" + name)))
            .toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }
}

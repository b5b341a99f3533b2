package io.unicoredask.camunda;

import static org.awaitility.Awaitility.await;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.unicoredask.TestSite;
import io.unicoredask.localsite.Disturbance;
import io.unicoredask.localsite.LocalJob;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.Assertions;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.junit.jupiter.api.Test;

/** A cluster that fails: every way leads through teardown, and says what went wrong. */
class ClusterFailureTest extends ProcessTest {

  /** Arguments are appended to an executable; {@code true} takes them. */
  private static String job(String shellText) {
    return "{\"Executable\": \"%s && true\"}".formatted(shellText);
  }

  @Test
  void aSchedulerJobThatFailsIsReportedWithItsStatusMessageAndStderr() {
    ProcessInstance cluster =
        start(Map.of("schedulerJob", job("(echo no module named dask >&2; exit 3)")));
    awaitEnd(cluster);

    assertFailed(cluster, "DASK_SCHEDULER_FAILED");
    Assertions.assertThat((String) variable(cluster, "errorMessage"))
        .contains("scheduler job https://")
        .contains("exit code 3")
        .contains("no module named dask");
  }

  @Test
  void anApplicationTheSiteDoesNotHaveIsRefusedBeforeAnythingIsSubmitted() {
    ProcessInstance cluster =
        start(Map.of("schedulerJob", "{\"ApplicationName\": \"dask-shceduler\"}"));
    awaitEnd(cluster);

    assertFailed(cluster, "DASK_INVALID_REQUEST");
    Assertions.assertThat((String) variable(cluster, "errorMessage"))
        .contains("dask-shceduler is not allowed")
        .contains("[Bash shell, Date, dask-scheduler, dask-scheduler-newest, ");
    Assertions.assertThat(jobs(cluster)).isEmpty();
  }

  @Test
  void aWorkerJobThatFailsWhileTheClusterComesUpEndsIt() {
    ProcessInstance cluster =
        start(Map.of("workers", 2, "workerJob", job("(echo out of memory >&2; exit 1)")));
    awaitEnd(cluster);

    assertFailed(cluster, "DASK_WORKER_FAILED");
    Assertions.assertThat((String) variable(cluster, "errorMessage"))
        .contains("worker-")
        .contains("out of memory");
  }

  @Test
  void aWorkerJobThatFailsLaterLeavesTheClusterRunningAndSaysSo() {
    ProcessInstance cluster = start(Map.of("workers", 1));
    awaitStatus(cluster, "RUNNING");

    send(
        cluster,
        "dask-cluster-scale",
        Map.of("workers", 2, "workerJob", job("(echo out of memory >&2; exit 1)")));
    await().atMost(LIMIT).until(() -> variable(cluster, "scaleErrorCode") != null);

    assertThat(cluster).isWaitingAtExactly("Cluster", "ClusterReady").hasPassed("NotScaled");
    Assertions.assertThat(variable(cluster, "scaleErrorCode")).isEqualTo("DASK_WORKER_FAILED");
    Assertions.assertThat((String) variable(cluster, "scaleErrorMessage"))
        .contains("out of memory");
    Assertions.assertThat(variable(cluster, "clusterStatus")).isEqualTo("RUNNING");
    Assertions.assertThat(runningJobs(cluster)).hasSize(2);

    send(cluster, "dask-cluster-scale", Map.of("workers", 2, "workerJob", "{}"));
    await().atMost(LIMIT).until(() -> runningJobs(cluster).size() == 3);
    await().atMost(LIMIT).until(() -> variable(cluster, "scaleErrorCode") == null);
  }

  @Test
  void waitingInTheQueueForTooLongEndsTheCluster() {
    ProcessInstance cluster = start(Map.of("queue", "full", "queueTimeout", "PT1S"));
    awaitEnd(cluster);

    assertFailed(cluster, "DASK_QUEUE_TIMEOUT");
    Assertions.assertThat((String) variable(cluster, "errorMessage"))
        .contains("queueTimeout = PT1S");
  }

  @Test
  void anAllocationThatIsNotGrantedInTimeEndsTheCluster() {
    ProcessInstance cluster =
        start(Map.of("queue", "full", "allocation", "{}", "queueTimeout", "PT1S"));
    awaitEnd(cluster);

    assertFailed(cluster, "DASK_QUEUE_TIMEOUT");
    assertThat(cluster).hasPassed("AllocationQueueTimedOut");
  }

  @Test
  void anAllocationTheSiteRefusesEndsTheCluster() {
    ProcessInstance cluster = start(Map.of("allocation", "{\"Resources\": {\"Nodes\": 1000}}"));
    awaitEnd(cluster);

    assertFailed(cluster, "DASK_ALLOCATION_FAILED");
    Assertions.assertThat((String) variable(cluster, "errorMessage")).contains("Nodes=1000");
  }

  @Test
  void aSchedulerThatDoesNotComeUpInTimeEndsTheCluster() {
    ProcessInstance cluster = start(Map.of("schedulerJob", job("sleep 600")));
    fire(cluster, "StartTimer");
    awaitEnd(cluster);

    assertFailed(cluster, "DASK_START_TIMEOUT");
  }

  @Test
  void aSchedulerThatCannotBeReachedInTimeEndsTheCluster() {
    String nobody =
        """
        {\\"type\\": \\"Scheduler\\", \\"id\\": \\"x\\", \\"address\\": \\"tcp://127.0.0.1:1\\",
         \\"services\\": {\\"dashboard\\": 2}, \\"started\\": 1.5}"""
            .replace("\n", " ");
    ProcessInstance cluster =
        start(Map.of("schedulerJob", job("echo '" + nobody + "' > dask.json; sleep 600")));
    awaitProgress(cluster, "127.0.0.1:1");
    fire(cluster, "ConnectionTimer");
    awaitEnd(cluster);

    assertFailed(cluster, "DASK_CONNECT_TIMEOUT");
    Assertions.assertThat((String) variable(cluster, "errorMessage")).contains("127.0.0.1:1");
  }

  @Test
  void workersThatDoNotConnectInTimeEndTheCluster() {
    ProcessInstance cluster = start(Map.of("workers", 1, "workerJob", job("sleep 600")));
    awaitProgress(cluster, "0 of 1 workers connected");
    fire(cluster, "WorkersTimer");
    awaitEnd(cluster);

    assertFailed(cluster, "DASK_WORKERS_TIMEOUT");
    Assertions.assertThat((String) variable(cluster, "errorMessage")).contains("0 of 1 workers");
  }

  @Test
  void aSchedulerThatIsLostEndsTheCluster() {
    ProcessInstance cluster = start(Map.of("workers", 1));
    awaitStatus(cluster, "RUNNING");

    TestSite.unicore().abort(URI.create((String) variable(cluster, "schedulerJobUrl")));
    awaitEnd(cluster);

    assertFailed(cluster, "DASK_SCHEDULER_LOST");
    Assertions.assertThat((String) variable(cluster, "errorMessage")).containsAnyOf(CANCELLED);
  }

  @Test
  void manyJobsAreSubmittedOnceAndEndedThoughTheSiteRefusesManyCalls() {
    ProcessInstance cluster = start(Map.of());
    awaitStatus(cluster, "RUNNING");
    Random random = new Random(8);
    TestSite.site()
        .disturb(() -> random.nextInt(8) == 0 ? Disturbance.UNAVAILABLE : Disturbance.NONE);
    try {
      send(
          cluster,
          "dask-cluster-scale",
          Map.of("jobs", 25, "workerJob", job("sleep 600"), "waitForStartup", false));
      await().atMost(LIMIT).until(() -> runningJobs(cluster).size() == 26);
      await()
          .atMost(LIMIT)
          .untilAsserted(() -> assertThat(cluster).isWaitingAtExactly("Cluster", "ClusterReady"));
      Assertions.assertThat(jobs(cluster)).hasSize(26);

      send(cluster, "dask-cluster-teardown", Map.of());
      awaitEnd(cluster);
    } finally {
      TestSite.site().disturb(() -> Disturbance.NONE);
    }
    assertStopped(cluster, "teardown");
  }

  /** On a busy machine the limit may be reached before the cluster is ready. */
  @Test
  void aSchedulerThatReachesItsTimeLimitEndsTheCluster() {
    ProcessInstance cluster =
        start(Map.of("schedulerJob", "{\"Resources\": {\"Runtime\": \"12s\"}}"));
    awaitEnd(cluster);

    Assertions.assertThat((String) variable(cluster, "errorCode"))
        .isIn("DASK_SCHEDULER_LOST", "DASK_SCHEDULER_FAILED");
    assertFailed(cluster, (String) variable(cluster, "errorCode"));
    Assertions.assertThat((String) variable(cluster, "errorMessage"))
        .contains("its time was over", "its Resources.Runtime = 12s in schedulerJob", "TimeLimit)");
  }

  @Test
  void aJobThatNobodyKnowsOfButTheSiteIsEndedAllTheSame() {
    ProcessInstance cluster = start(Map.of("queue", "full"));
    await().atMost(LIMIT).until(() -> jobs(cluster).size() == 1);
    String tag =
        jobs(cluster).get(0).tags().stream()
            .filter(any -> any.endsWith(cluster.getId()))
            .findAny()
            .orElseThrow();
    TestSite.unicore()
        .submit(
            new ObjectMapper()
                .createObjectNode()
                .put("Executable", "sleep 600")
                .set("Tags", new ObjectMapper().createArrayNode().add(tag)));
    await().atMost(LIMIT).until(() -> !runningJobs(cluster).isEmpty());

    send(cluster, "dask-cluster-teardown", Map.of());
    awaitEnd(cluster);

    Assertions.assertThat(jobs(cluster)).hasSize(2);
    assertStopped(cluster, "teardown");
  }

  @Test
  void aSubmissionThatIsRepeatedAdoptsTheJobThatIsThere() {
    ProcessInstance cluster = start(Map.of("queue", "full"));
    await().atMost(LIMIT).until(() -> !jobs(cluster).isEmpty());
    List<LocalJob> before = jobs(cluster);
    runtimeService
        .createProcessInstanceModification(cluster.getId())
        .cancelAllForActivity("StartScheduler")
        .startBeforeActivity("StartScheduler")
        .execute();

    await()
        .atMost(LIMIT)
        .until(
            () ->
                String.valueOf(variable(cluster, "clusterProgress"))
                        .startsWith("scheduler job waits")
                    && managementService
                            .createJobQuery()
                            .processInstanceId(cluster.getId())
                            .messages()
                            .count()
                        == 0);
    Assertions.assertThat(jobs(cluster)).extracting(LocalJob::id).hasSize(before.size());
  }
}

package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.TestSite;
import io.unicoredask.localsite.LocalJob;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Workers that are queued together with the scheduler, in a queue that somebody else fills until
 * the test lets the jobs run.
 */
class QueueWorkersTest extends ProcessTest {

  private static final String SCHEDULER_IN_SMALL = "{\"Resources\": {\"Queue\": \"small\"}}";

  private URI somebodyElses;

  @BeforeEach
  void fillTheQueue() {
    ObjectNode job = new ObjectMapper().createObjectNode().put("Executable", "sleep 3600");
    job.withObject("/Resources").put("Queue", "small").put("Nodes", TestSite.SMALL);
    somebodyElses = TestSite.unicore().submit(job);
  }

  @AfterEach
  void letJobsRun() {
    TestSite.unicore().abort(somebodyElses);
  }

  @Test
  void allJobsWaitInTheQueueAtTheSameTime() {
    ProcessInstance cluster = start(Map.of("workers", 2, "queue", "small"));
    awaitQueued(cluster, 3);
    awaitProgress(cluster, "scheduler job waits");
    List<String> queued = jobs(cluster).stream().map(LocalJob::id).toList();

    letJobsRun();
    awaitStatus(cluster, "RUNNING");

    assertThat(variable(cluster, "connectedWorkers")).isEqualTo(2);
    assertThat(runningJobs(cluster)).extracting(LocalJob::id).hasSameElementsAs(queued);
  }

  @Test
  void whoWantsItHasNoWorkerQueuedBeforeTheSchedulerRuns() {
    ProcessInstance cluster =
        start(Map.of("workers", 2, "queue", "small", "queueWorkers", "afterScheduler"));
    awaitProgress(cluster, "scheduler job waits");

    assertThat(jobs(cluster)).hasSize(1);
    letJobsRun();
    awaitStatus(cluster, "RUNNING");
    assertThat(jobs(cluster)).hasSize(3);
  }

  @Test
  void moreWorkersThanAreSubmittedAtOnceAreAllQueued() {
    ProcessInstance cluster = start(Map.of("workers", 23, "queue", "small"));

    awaitQueued(cluster, 24);
  }

  @Test
  void workersThatRunBeforeTheSchedulerWaitForIt() {
    ProcessInstance cluster = start(Map.of("workers", 2, "schedulerJob", SCHEDULER_IN_SMALL));
    await().atMost(LIMIT).until(() -> runningJobs(cluster).size() == 2);
    assertThat(variable(cluster, "clusterStatus")).isEqualTo("PENDING");

    letJobsRun();
    awaitStatus(cluster, "RUNNING");

    assertThat(jobs(cluster)).hasSize(3);
    assertThat(variable(cluster, "connectedWorkers")).isEqualTo(2);
  }

  @Test
  void aWorkerJobThatIsOverBeforeTheSchedulerRunsIsReplaced() {
    ProcessInstance cluster =
        start(
            Map.of(
                "workers",
                1,
                "schedulerJob",
                SCHEDULER_IN_SMALL,
                "queueWorkers",
                "together",
                "workerJob",
                "{\"Executable\": \"test -e ../%s || { touch ../%s; false; } && '%s' -m distributed.cli.dask_worker --host 127.0.0.1\"}"
                    .formatted(somebodyElses.hashCode(), somebodyElses.hashCode(), python())));
    await()
        .atMost(LIMIT)
        .until(() -> jobs(cluster).stream().anyMatch(job -> job.status().equals("FAILED")));
    assertThat(variable(cluster, "clusterStatus")).isEqualTo("PENDING");

    letJobsRun();
    awaitStatus(cluster, "RUNNING");

    assertThat(runningJobs(cluster)).hasSize(2);
    assertThat(jobs(cluster)).hasSize(3);
  }

  @Test
  void theLastSizeWinsWhenAScaleMessageComesWhileAllAreQueued() {
    ProcessInstance cluster = start(Map.of("workers", 1, "queue", "small"));
    awaitQueued(cluster, 2);
    send(cluster, "dask-cluster-scale", Map.of("workers", 3));
    send(cluster, "dask-cluster-scale", Map.of("workers", 2));

    letJobsRun();
    awaitStatus(cluster, "RUNNING");

    assertThat(variable(cluster, "connectedWorkers")).isEqualTo(2);
    awaitRunningJobs(cluster, 3);
  }

  @Test
  void aRepeatedSubmissionAdoptsTheWorkersThatAreQueued() {
    ProcessInstance cluster = start(Map.of("workers", 2, "queue", "small"));
    awaitQueued(cluster, 3);
    await()
        .atMost(LIMIT)
        .until(() -> String.valueOf(variable(cluster, "workerJobUrls")).split(",").length == 2);
    Object lost = variable(cluster, "workerJobUrls").toString();

    runtimeService.removeVariable(cluster.getId(), "cluster");
    runtimeService
        .createProcessInstanceModification(cluster.getId())
        .cancelAllForActivity("StartScheduler")
        .startBeforeActivity("StartScheduler")
        .execute();
    letJobsRun();
    awaitStatus(cluster, "RUNNING");

    assertThat(variable(cluster, "workerJobUrls")).hasToString(lost.toString());
    assertThat(jobs(cluster)).hasSize(3);
  }

  @Test
  void aClusterIsTornDownWhileAllItsJobsAreQueued() {
    ProcessInstance cluster = start(Map.of("workers", 2, "queue", "small"));
    awaitQueued(cluster, 3);

    send(cluster, "dask-cluster-teardown", Map.of());
    awaitEnd(cluster);

    assertStopped(cluster, "teardown");
  }

  @Test
  void aSchedulerThatFailsTakesTheWorkersThatWaitForItWithIt() {
    ProcessInstance cluster =
        start(
            Map.of(
                "workers",
                2,
                "queueWorkers",
                "together",
                "schedulerJob",
                "{\"Executable\": \"false\", \"Resources\": {\"Queue\": \"small\"}}"));
    await().atMost(LIMIT).until(() -> runningJobs(cluster).size() == 2);

    letJobsRun();
    awaitEnd(cluster);

    assertFailed(cluster, "DASK_SCHEDULER_FAILED");
    assertThat(jobs(cluster)).hasSize(3);
  }

  @Test
  void inAnAllocationTheyAreStartedTogether() {
    ProcessInstance cluster =
        start(
            Map.of(
                "workers",
                1,
                "queueWorkers",
                "together",
                "schedulerJob",
                "{\"Executable\": \"sleep 600 && true\"}",
                "allocation",
                "{\"Resources\": {\"Nodes\": 2}}"));

    await().atMost(LIMIT).until(() -> runningJobs(cluster).size() == 2);
    BpmnAwareTests.assertThat(cluster).hasPassed("Allocate").hasNotPassed("ScaleWorkers");
  }

  private void awaitQueued(ProcessInstance cluster, int count) {
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(jobs(cluster))
                    .hasSize(count)
                    .allMatch(job -> job.status().equals("QUEUED") && !job.running()));
  }

  private static String python() {
    return TestSite.python().toAbsolutePath().toString();
  }
}

package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.unicoredask.TestSite;
import io.unicoredask.unicore.JobStatus;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.history.HistoricIncident;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.junit.jupiter.api.Test;

/** A cluster that is to survive its scheduler gets another one. */
class LostSchedulerTest extends ProcessTest {

  @Test
  void aClusterIsStartedAnewOnTheSamePortWithAsManyWorkers() {
    ProcessInstance cluster = start(Map.of("workers", 1, "onSchedulerLost", "restart"));
    awaitStatus(cluster, "RUNNING");
    Object address = variable(cluster, "schedulerAddress");
    Object lost = variable(cluster, "schedulerJobUrl");

    endScheduler(cluster);

    await().atMost(LIMIT).until(() -> !lost.equals(variable(cluster, "schedulerJobUrl")));
    awaitStatus(cluster, "RUNNING");
    assertThat(variable(cluster, "schedulerAddress")).isEqualTo(address);
    assertThat(variable(cluster, "connectedWorkers")).isEqualTo(1);
    awaitRunningJobs(cluster, 2);
    assertThat(Duration.parse((String) variable(cluster, "lifetime")))
        .as("what is left of its lifetime")
        .isLessThan(Duration.ofDays(1));

    send(cluster, "dask-cluster-teardown", Map.of());
    awaitEnd(cluster);
    assertStopped(cluster, "teardown");
  }

  /** UNICORE itself takes minutes to notice. */
  @Test
  void oneThatTheBatchSystemKillsAsAWholeIsKnownToBeLostWhileTheSiteStillSaysThatItRuns() {
    ProcessInstance cluster = start(Map.of("workers", 1));
    awaitStatus(cluster, "RUNNING");
    URI job = URI.create((String) variable(cluster, "schedulerJobUrl"));
    await().atMost(LIMIT).until(() -> TestSite.unicore().job(job).status() == JobStatus.RUNNING);

    TestSite.site().cancel(job.getPath().replaceFirst(".*/", ""));
    await().atMost(LIMIT).until(() -> variable(cluster, "errorCode") != null);

    // The site's own word, minutes later, would be FAILED.
    assertThat((String) variable(cluster, "errorMessage")).containsAnyOf(CANCELLED);
    awaitEnd(cluster);
    assertFailed(cluster, "DASK_SCHEDULER_LOST");
  }

  @Test
  void workersThatAreStillQueuedAreEndedWithTheLostScheduler() {
    ProcessInstance cluster = start(Map.of("onSchedulerLost", "restart"));
    awaitStatus(cluster, "RUNNING");
    Object lost = variable(cluster, "schedulerJobUrl");
    send(cluster, "dask-cluster-scale", Map.of("workers", 1, "queue", "full"));
    await().atMost(LIMIT).until(() -> jobs(cluster).size() == 2);
    String queued = jobs(cluster).get(0).id();

    endScheduler(cluster);

    await().atMost(LIMIT).until(() -> !lost.equals(variable(cluster, "schedulerJobUrl")));
    assertThat(
            historyService
                .createHistoricIncidentQuery()
                .processInstanceId(cluster.getId())
                .incidentType(EngineRecords.INCIDENT_TYPE)
                .list())
        .extracting(HistoricIncident::getIncidentMessage)
        .noneMatch(message -> message.contains("NullPointer"));
    assertThat(jobs(cluster))
        .filteredOn(job -> job.id().equals(queued))
        .allMatch(job -> job.status().equals("FAILED"));
  }

  @Test
  void itIsNotStartedAnewMoreOftenThanAllowed() {
    ProcessInstance cluster = start(Map.of("onSchedulerLost", "restart", "maxReplacements", 0));
    awaitStatus(cluster, "RUNNING");

    endScheduler(cluster);

    awaitEnd(cluster);
    assertFailed(cluster, "DASK_SCHEDULER_LOST");
    assertThat((String) variable(cluster, "errorMessage"))
        .contains("0 restarts", "maxReplacements = 0");
  }

  @Test
  void workCannotBeRestarted() {
    assertThatExceptionOfType(ProcessEngineException.class)
        .isThrownBy(
            () ->
                start(
                    Map.of("onSchedulerLost", "restart", "work", "dask-script", "script", "pass")))
        .withMessageContaining("onSchedulerLost = restart");
  }

  @Test
  void aMessageThatAsksForARestartOfWorkIsRefused() {
    ProcessInstance cluster =
        start(Map.of("work", "dask-script", "script", "import time; time.sleep(600)"));
    awaitStatus(cluster, "RUNNING");

    assertThatExceptionOfType(ProcessEngineException.class)
        .isThrownBy(() -> send(cluster, "dask-cluster-scale", Map.of("onSchedulerLost", "restart")))
        .withMessageContaining("onSchedulerLost = restart");
  }

  @Test
  void anythingElseIsRefused() {
    assertThatExceptionOfType(ProcessEngineException.class)
        .isThrownBy(() -> start(Map.of("onSchedulerLost", "panic")))
        .withMessageContaining("onSchedulerLost = panic")
        .withMessageContaining("fail or restart");
  }

  private void endScheduler(ProcessInstance cluster) {
    TestSite.unicore().abort(URI.create((String) variable(cluster, "schedulerJobUrl")));
  }
}

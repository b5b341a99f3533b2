package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unicoredask.TestSite;
import io.unicoredask.localsite.Disturbance;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.camunda.bpm.engine.runtime.Incident;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Waiting survives restarts of this process and outages of the site. */
class OutageTest extends ProcessTest {

  @Autowired DaskRuntime runtime;

  @AfterEach
  void calm() {
    TestSite.site().disturb(() -> Disturbance.NONE);
    runtime.start();
  }

  @Test
  void whatBeganToWaitWhileNobodyLookedIsFoundAtTheNextStart() {
    runtime.close();
    ProcessInstance cluster = start(Map.of());
    assertThat(variable(cluster, "clusterStatus")).isEqualTo("PENDING");
    assertThat(jobs(cluster)).isEmpty();

    runtime.start();
    awaitStatus(cluster, "RUNNING");
  }

  @Test
  void aStoppedNodeDoesNothingMore() {
    ProcessInstance cluster = start(Map.of());
    awaitStatus(cluster, "RUNNING");
    runtime.close();

    send(cluster, "dask-cluster-scale", Map.of("workers", 1));
    assertThat(runtime.leads()).isFalse();
    assertThat(jobs(cluster)).hasSize(1);

    runtime.start();
    await().atMost(LIMIT).until(() -> jobs(cluster).size() == 2);
  }

  @Test
  void aSiteThatIsAwayAtTheStartIsSaidAtOnce() {
    TestSite.site().disturb(() -> Disturbance.UNAVAILABLE);
    ProcessInstance cluster = start(Map.of());

    await().atMost(LIMIT).until(() -> variable(cluster, "clusterProgress") != null);
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat((String) variable(cluster, "clusterProgress"))
                    .contains("site 'local'", "HTTP 503"));
    await().atMost(LIMIT).until(() -> incidents(cluster).size() == 1);
    assertThat(incidents(cluster).get(0).getIncidentMessage()).contains("site 'local'");
    assertThat(variable(cluster, "clusterStatus")).isEqualTo("PENDING");

    TestSite.site().disturb(() -> Disturbance.NONE);
    awaitStatus(cluster, "RUNNING");
    await().atMost(LIMIT).until(() -> incidents(cluster).isEmpty());
  }

  @Test
  void aShortOutageIsNoFailureAndNoIncident() {
    AtomicInteger refused = new AtomicInteger();
    TestSite.site()
        .disturb(() -> refused.incrementAndGet() < 4 ? Disturbance.UNAVAILABLE : Disturbance.NONE);
    ProcessInstance cluster = start(Map.of());
    awaitStatus(cluster, "RUNNING");

    assertThat(refused.get()).isGreaterThan(3);
    assertThat(
            historyService.createHistoricIncidentQuery().processInstanceId(cluster.getId()).count())
        .isZero();
    assertThat(jobs(cluster)).hasSize(1);
  }

  @Test
  void aSuspendedInstanceGoesOnWithoutAnIncidentWhenItIsActivated() {
    ProcessInstance cluster = start(Map.of());
    awaitStatus(cluster, "RUNNING");
    await()
        .atMost(LIMIT)
        .ignoreException(OptimisticLockingException.class)
        .untilAsserted(() -> runtimeService.suspendProcessInstanceById(cluster.getId()));
    TestSite.unicore().abort(java.net.URI.create((String) variable(cluster, "schedulerJobUrl")));
    await().atMost(LIMIT).until(() -> runningJobs(cluster).isEmpty());
    assertThat(isOver(cluster)).isFalse();
    assertThat(incidents(cluster)).isEmpty();

    runtimeService.activateProcessInstanceById(cluster.getId());
    awaitEnd(cluster);
    assertFailed(cluster, "DASK_SCHEDULER_LOST");
  }

  private List<Incident> incidents(ProcessInstance instance) {
    return runtimeService
        .createIncidentQuery()
        .processInstanceId(instance.getId())
        .incidentType(EngineRecords.INCIDENT_TYPE)
        .list();
  }
}

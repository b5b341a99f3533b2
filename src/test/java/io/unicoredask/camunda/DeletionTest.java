package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.TestSite;
import io.unicoredask.cluster.identity.Permit;
import io.unicoredask.cluster.site.Sites;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.core.ThrowingRunnable;
import org.camunda.bpm.engine.MismatchingMessageCorrelationException;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.camunda.bpm.engine.history.HistoricProcessInstance;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.repository.Deployment;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.camunda.spin.plugin.variable.SpinValues;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A cluster whose process instance is deleted leaves nothing behind. */
class DeletionTest extends ProcessTest {

  @Autowired Sites sites;
  @Autowired DaskRuntime runtime;

  private final Date begun = new Date();

  @Test
  void aReadyClusterIsTornDownByAnInstanceThatCockpitShows() {
    ProcessInstance cluster = start(Map.of("workers", 1));
    awaitStatus(cluster, "RUNNING");
    int port = URI.create((String) variable(cluster, "schedulerAddress")).getPort();

    delete(cluster, null, false);

    HistoricProcessInstance teardown = awaitTeardown();
    assertThat(teardown.getBusinessKey()).isEqualTo(cluster.getBusinessKey());
    assertThat(teardown.getEndActivityId()).isEqualTo("TornDown");
    assertThat(variable(teardown.getId(), "endedBy")).isEqualTo("deletion");
    assertThat(variable(teardown.getId(), "clusterStatus")).isEqualTo("STOPPED");
    assertThat(jobs(cluster)).hasSize(2).allMatch(job -> job.status().equals("FAILED"));
    await().atMost(LIMIT).untilAsserted(() -> assertThat(runningJobs(cluster)).isEmpty());
    assertThat(accepts(port)).as("the local port is open").isFalse();
    assertThat(variable(cluster, "clusterStatus")).isEqualTo("STOPPING");
    assertThat(variable(cluster, "endedBy")).isEqualTo("deletion");
    assertThat(variable(cluster, "connectedWorkers")).isEqualTo(0);
    assertThat(variable(cluster, "workerJobStatus")).hasToString("{}");
    assertThat(variable(cluster, "schedulerAddress")).isNull();
  }

  @Test
  void aClusterThatQueuesIsTornDownEvenIfItsCustomListenersAreSkipped() {
    ProcessInstance cluster = start(Map.of("queue", "full"));
    await().atMost(LIMIT).until(() -> variable(cluster, "schedulerJobUrl") != null);

    delete(cluster, "no longer wanted", true);

    awaitTeardown();
    assertThat(jobs(cluster)).hasSize(1).allMatch(job -> job.status().equals("FAILED"));
    assertThatExceptionOfType(MismatchingMessageCorrelationException.class)
        .isThrownBy(
            () -> runtimeService.correlateMessage("dask-cluster-scale", cluster.getBusinessKey()))
        .withMessageContaining("the cluster of process instance " + cluster.getId())
        .withMessageContaining("is over: its instance ended at ")
        .withMessageContaining("(no longer wanted)");
  }

  @Test
  void aClusterThatIsOverIsNotTornDownAgain() {
    ProcessInstance cluster = start(Map.of());
    awaitStatus(cluster, "RUNNING");
    send(cluster, "dask-cluster-teardown", Map.of());
    awaitEnd(cluster);

    assertThat(teardowns()).isEmpty();
  }

  @Test
  void aJobThatIsOnItsWayWhenNothingIsOnRecordYetIsEndedToo() {
    runtime.close();
    try {
      ProcessInstance cluster = start(Map.of());
      ObjectNode job = new ObjectMapper().createObjectNode().put("Executable", "sleep 600");
      job.withArray("/Tags")
          .add("dask-cluster-" + runtime.installation().clusterId(cluster.getId()));
      TestSite.unicore().submit(job);

      delete(cluster, null, false);
      runtime.start();

      awaitTeardown();
      assertThat(jobs(cluster)).hasSize(1).allMatch(ended -> ended.status().equals("FAILED"));
    } finally {
      runtime.start();
    }
  }

  @Test
  void aVariableOfAnotherApplicationThatHasTheSameNameStopsNobody() {
    startAnotherProcess(
        Map.of(
            "cluster", SpinValues.jsonValue("{\"name\": \"x\"}").create(), "daskWaiting", "daskX"));
    ProcessInstance cluster = start(Map.of());
    awaitStatus(cluster, "RUNNING");

    sweeper(InstantSource.system()).round();
    assertThat(runningJobs(cluster)).hasSize(1);
  }

  @Test
  void aSuspendedClusterIsEndedWhenItsLifetimeIsOverAndNotBefore() {
    ProcessInstance cluster = start(Map.of("lifetime", "PT1H"));
    awaitStatus(cluster, "RUNNING");
    await()
        .atMost(LIMIT)
        .ignoreException(OptimisticLockingException.class)
        .untilAsserted(() -> runtimeService.suspendProcessInstanceById(cluster.getId()));
    Sweeper sweeper = sweeper(InstantSource.system());
    sweeper.round();
    sweeper.round();
    assertThat(runningJobs(cluster)).hasSize(1);

    Sweeper later = sweeper(() -> Instant.now().plus(Duration.ofHours(2)));
    await()
        .atMost(LIMIT)
        .until(
            () -> {
              later.round();
              return runningJobs(cluster).isEmpty();
            });

    runtimeService.activateProcessInstanceById(cluster.getId());
    awaitEnd(cluster);
  }

  @Test
  void deletingTheWorkInAClusterLeavesItsTeardownToTheCluster() {
    ProcessInstance cluster =
        start(Map.of("work", "dask-script", "script", "import time; time.sleep(600)"));
    await().atMost(LIMIT).until(() -> jobs(cluster).size() == 2);
    ProcessInstance work =
        runtimeService
            .createProcessInstanceQuery()
            .superProcessInstanceId(cluster.getId())
            .singleResult();

    delete(work, null, false);
    awaitEnd(cluster);

    assertFailed(cluster, "DASK_WORK_DELETED");
    assertThat(teardowns()).isEmpty();
  }

  @Test
  void anInstanceThatGoesOnAfterItsTeardownIsDeletedWithoutAnother() {
    repositoryService
        .createDeployment()
        .addModelInstance(
            "goes-on.bpmn",
            Bpmn.createExecutableProcess("goes-on")
                .camundaHistoryTimeToLiveString("P1D")
                .startEvent()
                .serviceTask("start")
                .camundaDelegateExpression("${daskStartScheduler}")
                .serviceTask("end")
                .camundaDelegateExpression("${daskTeardown}")
                .userTask("report")
                .endEvent()
                .done())
        .deploy();
    ProcessInstance cluster =
        runtimeService.startProcessInstanceByKey("goes-on", Map.of("site", "local"));
    await()
        .atMost(LIMIT)
        .until(() -> engine.getTaskService().createTaskQuery().active().count() == 1);

    delete(cluster, null, false);

    assertThat(jobs(cluster)).hasSize(1);
    assertThat(teardowns()).isEmpty();
  }

  @Test
  void deletingTheDeploymentOfARunningClusterSucceedsToo() {
    Deployment deployment =
        repositoryService
            .createDeployment()
            .addModelInstance(
                "own.bpmn",
                Bpmn.createExecutableProcess("own")
                    .camundaHistoryTimeToLiveString("P1D")
                    .startEvent()
                    .serviceTask("start")
                    .camundaDelegateExpression("${daskStartScheduler}")
                    .userTask()
                    .endEvent()
                    .done())
            .deploy();
    ProcessInstance cluster =
        runtimeService.startProcessInstanceByKey("own", Map.of("site", "local"));
    await()
        .atMost(LIMIT)
        .until(
            () ->
                !runtimeService.getVariables(cluster.getId()).isEmpty()
                    && jobs(cluster).size() == 1);

    untilNothingInterferes(() -> repositoryService.deleteDeployment(deployment.getId(), true));

    assertThat(repositoryService.createProcessDefinitionQuery().processDefinitionKey("own").count())
        .isZero();
    assertThat(teardowns()).isEmpty();
  }

  private Sweeper sweeper(InstantSource clock) {
    return new Sweeper(
        engine,
        new EngineDatabase((ProcessEngineConfigurationImpl) engine.getProcessEngineConfiguration()),
        sites,
        Installation.of(managementService),
        Duration.ZERO,
        Permit.ALWAYS,
        gone -> {},
        new AtomicLong()::incrementAndGet,
        clock);
  }

  private void delete(ProcessInstance cluster, String reason, boolean skipCustomListeners) {
    untilNothingInterferes(
        () -> runtimeService.deleteProcessInstance(cluster.getId(), reason, skipCustomListeners));
  }

  /** Again, as one would in Cockpit, if the watcher changed the instance at that moment. */
  private static void untilNothingInterferes(ThrowingRunnable deletion) {
    await().atMost(LIMIT).ignoreException(OptimisticLockingException.class).untilAsserted(deletion);
  }

  private HistoricProcessInstance awaitTeardown() {
    await()
        .atMost(LIMIT)
        .until(() -> teardowns().size() == 1 && teardowns().get(0).getEndTime() != null);
    return teardowns().get(0);
  }

  private List<HistoricProcessInstance> teardowns() {
    return historyService
        .createHistoricProcessInstanceQuery()
        .processDefinitionKey("dask-teardown")
        .startedAfter(begun)
        .list();
  }

  private static boolean accepts(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (ConnectException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

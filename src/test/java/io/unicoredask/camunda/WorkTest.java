package io.unicoredask.camunda;

import static org.awaitility.Awaitility.await;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.assertThat;

import java.io.IOException;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.runtime.Job;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.engine.task.Task;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.camunda.spin.plugin.variable.SpinValues;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Work inside a cluster, which lives as long as the work. */
class WorkTest extends WorkProcessTest {

  @Test
  void aClusterWhoseWorkIsDeletedIsTornDown() {
    ProcessInstance cluster = work(COMPUTE, Map.of());
    awaitStatus(cluster, "RUNNING");
    ProcessInstance script = called(cluster);
    await().atMost(LIMIT).until(() -> variable(script, "scriptJobUrl") != null);

    // As Cockpit does it, which leaves the listeners of the model out unless told otherwise.
    unlessChangedMeanwhile(
        () -> runtimeService.deleteProcessInstance(script.getId(), "not wanted", true, true, true));
    awaitEnd(cluster);

    assertFailed(cluster, "DASK_WORK_DELETED");
  }

  @Test
  void aClusterThatIsTornDownEndsItsWork() {
    ProcessInstance cluster = work(COMPUTE, Map.of());
    awaitStatus(cluster, "RUNNING");
    ProcessInstance script = called(cluster);
    await().atMost(LIMIT).until(() -> "sum is 285\n".equals(variable(script, "scriptOutput")));
    Assertions.assertThat(runningJobs(cluster)).hasSize(3);

    send(cluster, "dask-cluster-teardown", Map.of());
    awaitEnd(cluster);

    assertStopped(cluster, "teardown");
    Assertions.assertThat(isOver(script)).isTrue();
  }

  @Test
  void aClusterIsScaledWhileItsWorkGoesOn() throws IOException {
    ProcessInstance cluster = work(COMPUTE, Map.of());
    awaitStatus(cluster, "RUNNING");
    ProcessInstance script = called(cluster);
    await().atMost(LIMIT).until(() -> variable(script, "scriptJobUrl") != null);

    send(cluster, "dask-cluster-scale", Map.of("workers", 2));
    await()
        .atMost(LIMIT)
        .until(() -> Integer.valueOf(2).equals(variable(cluster, "connectedWorkers")));
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> assertThat(cluster).isWaitingAtExactly("Cluster", "ClusterReady", "Work"));
    await().atMost(LIMIT).until(() -> "sum is 285\n".equals(variable(script, "scriptOutput")));

    goOn(script);
    awaitEnd(cluster);

    assertStopped(cluster, "work");
    Assertions.assertThat(jobs(cluster)).hasSize(4);
    Assertions.assertThat(variable(cluster, "clusterSize")).isEqualTo("2 workers");
  }

  @Test
  void workGivesItsVariablesBackAndLeavesTheClustersAlone() {
    deploy(
        "user-work",
        Bpmn.createExecutableProcess("user-work")
            .camundaHistoryTimeToLiveString("P1D")
            .startEvent()
            .userTask("wait")
            .endEvent()
            .done());
    ProcessInstance cluster =
        start(
            Map.of(
                "work",
                " user-work ",
                "workers",
                0,
                "mine",
                "before",
                "kept",
                1,
                "unreadable",
                SpinValues.jsonValue("{oops").create()));
    awaitStatus(cluster, "RUNNING");
    ProcessInstance work = called(cluster);
    Assertions.assertThat(runtimeService.getVariablesTyped(work.getId(), false))
        .containsEntry("mine", "before")
        .containsKeys("schedulerAddress", "unreadable");

    send(cluster, "dask-cluster-scale", Map.of("workers", 1));
    await()
        .atMost(LIMIT)
        .until(() -> Integer.valueOf(1).equals(variable(cluster, "connectedWorkers")));
    runtimeService.setVariables(
        work.getId(), Map.of("mine", "after", "new", 2, "schedulerAddress", "tcp://nowhere:1"));
    TaskService tasks = engine.getTaskService();
    Task task = tasks.createTaskQuery().processInstanceId(work.getId()).singleResult();
    unlessChangedMeanwhile(() -> tasks.complete(task.getId()));
    awaitEnd(cluster);

    assertStopped(cluster, "work");
    Assertions.assertThat(jobs(cluster)).hasSize(2);
    Assertions.assertThat(variable(cluster, "mine")).isEqualTo("after");
    Assertions.assertThat(variable(cluster, "kept")).isEqualTo(1);
    Assertions.assertThat(variable(cluster, "new")).isEqualTo(2);
    Assertions.assertThat(variable(cluster, "clusterSize")).isEqualTo("1 worker");
    Assertions.assertThat(variable(cluster, "schedulerAddress")).isNull();
    Assertions.assertThat(variable(cluster, "clusterStatus")).isEqualTo("STOPPED");
  }

  @Test
  void workThatCannotBeCalledIsTriedAgainAndAgain() {
    deploy(
        "broken-work",
        Bpmn.createExecutableProcess("broken-work")
            .camundaHistoryTimeToLiveString("P1D")
            .startEvent()
            .serviceTask("break")
            .camundaExpression("${nobody.knows}")
            .endEvent()
            .done());
    ProcessInstance cluster = start(Map.of("work", "broken-work"));

    Job call =
        await()
            .atMost(LIMIT)
            .until(
                () ->
                    managementService
                        .createJobQuery()
                        .processInstanceId(cluster.getId())
                        .activityId("Work")
                        .withException()
                        .singleResult(),
                found -> found != null);
    Assertions.assertThat(call.getRetries()).as("tries left, of six").isBetween(3, 5);
    send(cluster, "dask-cluster-teardown", Map.of());
    awaitEnd(cluster);

    assertStopped(cluster, "teardown");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nosuch       | a deployed process
          dask-cluster | another process
          dask-script  | script = null
          """)
  void workThatCannotBeDoneIsRefusedAtTheStart(String work, String allowed) {
    Assertions.assertThatExceptionOfType(ProcessEngineException.class)
        .isThrownBy(() -> start(Map.of("work", work)))
        .withMessageContaining("DASK_INVALID_REQUEST")
        .withMessageContaining(allowed);
    Assertions.assertThat(runtimeService.createProcessInstanceQuery().count()).isZero();
  }
}

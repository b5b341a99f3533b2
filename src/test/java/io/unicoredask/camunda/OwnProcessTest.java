package io.unicoredask.camunda;

import static org.awaitility.Awaitility.await;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.assertThat;

import io.unicoredask.DaskClient;
import io.unicoredask.TestSite;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.camunda.bpm.engine.ExternalTaskService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.externaltask.LockedExternalTask;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** The activities in processes of somebody's own: the examples of the documentation. */
class OwnProcessTest extends ProcessTest {

  private static final Path EXAMPLES = Path.of("src/docs/examples");
  private static final String FOR_ONE_TASK = "cluster-for-one-task";
  private static final String IN_EVENT_SUBPROCESS = "cluster-in-event-subprocess";
  private static final String NO_SCHEDULER = "{\"Executable\": \"echo no Dask here >&2; false\"}";

  @Autowired TaskService taskService;
  @Autowired ExternalTaskService externalTaskService;

  @BeforeEach
  void deploy() throws IOException {
    for (String example : List.of(FOR_ONE_TASK, IN_EVENT_SUBPROCESS)) {
      String resource = example + ".bpmn";
      try (InputStream model = Files.newInputStream(EXAMPLES.resolve(resource))) {
        repositoryService
            .createDeployment()
            .name(example)
            .enableDuplicateFiltering(true)
            .addInputStream(resource, model)
            .deploy();
      }
    }
  }

  @Test
  void aTaskIsWorkedOnWithAClusterThatIsGoneAfterwards() throws Exception {
    ProcessInstance instance = startOwn(FOR_ONE_TASK, Map.of("workers", 1));
    awaitAt(instance, "Task", "Monitor");
    awaitStatus(instance, "RUNNING");

    DaskClient.compute(TestSite.python(), address(instance), 1);
    complete(instance);
    awaitEnd(instance);

    assertEndedAt(instance, "EndDone");
    Assertions.assertThat(variable(instance, "endedBy")).isEqualTo("work");
    Assertions.assertThat(variable(instance, "clusterStatus")).isEqualTo("STOPPED");
  }

  @Test
  void aTaskWhoseClusterIsNotReadyInTimeFails() {
    ProcessInstance instance = startOwn(FOR_ONE_TASK, Map.of("queue", "full"));
    awaitProgress(instance, "scheduler job waits");
    fire(instance, "StartSchedulerTimer");
    awaitEnd(instance);

    assertThat(instance).hasPassed("StartSchedulerTimer", "TooLate");
    assertFailed(instance, "CLUSTER_TOO_LATE");
    Assertions.assertThat((String) variable(instance, "errorMessage"))
        .contains("What was waited for last: scheduler job waits");
  }

  @Test
  void aDryRunThatTheProcessDoesNotHeedFailsAndSubmitsNothing() {
    ProcessInstance instance = startOwn(FOR_ONE_TASK, Map.of("dryRun", true));
    awaitEnd(instance);

    assertFailed(instance, "DASK_INVALID_REQUEST");
    Assertions.assertThat(jobs(instance)).isEmpty();
  }

  @Test
  void aTaskWhoseClusterFailsFails() {
    ProcessInstance instance = startOwn(FOR_ONE_TASK, Map.of("schedulerJob", NO_SCHEDULER));
    awaitEnd(instance);

    assertFailed(instance, "DASK_SCHEDULER_FAILED");
    Assertions.assertThat((String) variable(instance, "errorMessage")).contains("no Dask here");
  }

  @Test
  void aTaskWhoseSchedulerIsLostFails() {
    ProcessInstance instance = startOwn(FOR_ONE_TASK, Map.of());
    awaitAt(instance, "Task", "Monitor");

    TestSite.unicore().abort(URI.create((String) variable(instance, "schedulerJobUrl")));
    awaitEnd(instance);

    assertFailed(instance, "DASK_SCHEDULER_LOST");
  }

  @Test
  void aTaskThatTakesLongerThanTheLifetimeIsEnded() {
    ProcessInstance instance = startOwn(FOR_ONE_TASK, Map.of("lifetime", "PT1S"));
    awaitEnd(instance);

    assertThat(instance).hasPassed("LifetimeOver");
    assertEndedAt(instance, "EndDone");
    Assertions.assertThat(variable(instance, "endedBy")).isEqualTo("lifetime");
  }

  @Test
  void aResultIsComputedByAnExternalTask() throws Exception {
    ProcessInstance instance = startOwn(IN_EVENT_SUBPROCESS, Map.of("workers", 1));
    LockedExternalTask task = fetchTask();

    DaskClient.compute(TestSite.python(), (String) task.getVariables().get("schedulerAddress"), 1);
    externalTaskService.complete(task.getId(), "test");
    awaitEnd(instance);

    assertEndedAt(instance, "ResultThere");
    Assertions.assertThat(variable(instance, "endedBy")).isEqualTo("work");
    Assertions.assertThat(variable(instance, "clusterStatus")).isEqualTo("STOPPED");
  }

  @Test
  void anErrorOfTheProcessItselfTearsTheClusterDown() {
    ProcessInstance instance = startOwn(IN_EVENT_SUBPROCESS, Map.of());

    externalTaskService.handleBpmnError(fetchTask().getId(), "test", "NO_RESULT", "diverged");
    awaitEnd(instance);

    assertTornDownBy(instance, "Failure", "error");
    Assertions.assertThat(variable(instance, "errorCode")).isEqualTo("NO_RESULT");
  }

  @Test
  void aFailureOfTheClusterTearsItDown() {
    ProcessInstance instance = startOwn(IN_EVENT_SUBPROCESS, Map.of("schedulerJob", NO_SCHEDULER));
    awaitEnd(instance);

    assertTornDownBy(instance, "Failure", "error");
    Assertions.assertThat(variable(instance, "errorCode")).isEqualTo("DASK_SCHEDULER_FAILED");
  }

  @Test
  void aMessageTearsTheClusterDown() {
    ProcessInstance instance = startOwn(IN_EVENT_SUBPROCESS, Map.of("queue", "full"));
    await().atMost(LIMIT).until(() -> !jobs(instance).isEmpty());

    send(instance, "stop-computing", Map.of());
    awaitEnd(instance);

    assertTornDownBy(instance, "Stop", "teardown");
  }

  @Test
  void aTimerTearsTheClusterDown() {
    ProcessInstance instance = startOwn(IN_EVENT_SUBPROCESS, Map.of());
    fetchTask();

    managementService.executeJob(
        managementService
            .createJobQuery()
            .processInstanceId(instance.getId())
            .timers()
            .singleResult()
            .getId());
    awaitEnd(instance);

    assertTornDownBy(instance, "Overtime", "lifetime");
  }

  private ProcessInstance startOwn(String process, Map<String, ?> variables) {
    Map<String, Object> all = new HashMap<>(Map.of("site", "local", "localPort", 0));
    all.putAll(variables);
    return runtimeService.startProcessInstanceByKey(process, "own", all);
  }

  private void awaitAt(ProcessInstance instance, String... activities) {
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(instance).isWaitingAt(activities).isNotEnded());
  }

  private void complete(ProcessInstance instance) {
    taskService.complete(
        taskService.createTaskQuery().processInstanceId(instance.getId()).singleResult().getId());
  }

  private LockedExternalTask fetchTask() {
    return await()
        .atMost(LIMIT)
        .until(
            () ->
                externalTaskService
                    .fetchAndLock(1, "test")
                    .topic("compute-with-dask", LIMIT.toMillis())
                    .variables("schedulerAddress")
                    .execute(),
            tasks -> !tasks.isEmpty())
        .get(0);
  }

  private String address(ProcessInstance instance) {
    return (String) variable(instance, "schedulerAddress");
  }

  private void assertTornDownBy(ProcessInstance instance, String subprocess, String endedBy) {
    assertThat(instance).isEnded().hasPassed(subprocess + "Teardown", subprocess + "End");
    assertThat(instance).hasNotPassed("Teardown", "ResultThere");
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> Assertions.assertThat(runningJobs(instance)).isEmpty());
    Assertions.assertThat(variable(instance, "endedBy")).isEqualTo(endedBy);
    Assertions.assertThat(variable(instance, "clusterStatus"))
        .isEqualTo(endedBy.equals("error") ? "FAILED" : "STOPPED");
  }
}

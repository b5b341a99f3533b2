package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unicoredask.ApplicationTest;
import io.unicoredask.LeftInstances;
import io.unicoredask.TestSite;
import io.unicoredask.localsite.LocalJob;
import java.net.URI;
import java.time.Duration;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.history.HistoricVariableInstance;
import org.camunda.bpm.engine.history.HistoricVariableUpdate;
import org.camunda.bpm.engine.runtime.JobQuery;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;

/** What the tests of processes share. */
@ApplicationTest
abstract class ProcessTest {

  static final Duration LIMIT = Duration.ofMinutes(5);

  /** What is said of a job that was cancelled, and of one whose processes take long to go. */
  static final String[] CANCELLED = {
    "was cancelled at the site", "is being ended by the batch system: it was cancelled"
  };

  @Autowired ProcessEngine engine;
  @Autowired RuntimeService runtimeService;
  @Autowired HistoryService historyService;
  @Autowired ManagementService managementService;
  @Autowired RepositoryService repositoryService;

  @BeforeEach
  void assertWithThisEngine() {
    BpmnAwareTests.init(engine);
  }

  @AfterEach
  void endWhatIsLeft() {
    LeftInstances.end(runtimeService);
    TestSite.site().jobs().stream()
        .filter(job -> !job.status().matches("FAILED|SUCCESSFUL") && !job.tags().isEmpty())
        .forEach(
            job ->
                TestSite.unicoreOf(job.owner())
                    .abort(URI.create(TestSite.site().baseUrl() + "/jobs/" + job.id())));
  }

  /** Starts a cluster with local ports of its own. */
  ProcessInstance start(Map<String, ?> variables) {
    Map<String, Object> all =
        new HashMap<>(Map.of("site", "local", "localPort", 0, "localDashboardPort", 0));
    all.putAll(variables);
    return runtimeService.startProcessInstanceByKey(
        "dask-cluster", UUID.randomUUID().toString(), all);
  }

  /** Starts a process that has nothing to do with Dask, and waits for somebody. */
  ProcessInstance startAnotherProcess(Map<String, Object> variables) {
    repositoryService
        .createDeployment()
        .addModelInstance(
            "another.bpmn",
            Bpmn.createExecutableProcess("another")
                .camundaHistoryTimeToLiveString("P1D")
                .startEvent()
                .userTask()
                .endEvent()
                .done())
        .deploy();
    return runtimeService.startProcessInstanceByKey("another", variables);
  }

  void send(ProcessInstance instance, String message, Map<String, Object> variables) {
    runtimeService
        .createMessageCorrelation(message)
        .processInstanceId(instance.getId())
        .setVariables(variables)
        .correlate();
  }

  void awaitStatus(ProcessInstance instance, String status) {
    await()
        .atMost(LIMIT)
        .failFast(
            () -> {
              if (isOver(instance) && !status.equals(variable(instance, "clusterStatus"))) {
                throw new AssertionError("it ended: " + variable(instance, "errorMessage"));
              }
            })
        .until(() -> status.equals(variable(instance, "clusterStatus")));
  }

  /** Waits until this is said to be waited for, however long that takes. */
  void awaitProgress(ProcessInstance instance, String words) {
    await()
        .atMost(LIMIT)
        .until(() -> String.valueOf(variable(instance, "clusterProgress")).contains(words));
  }

  /** Has a timer fire now, as soon as it runs. */
  void fire(ProcessInstance instance, String timer) {
    JobQuery job =
        managementService.createJobQuery().processInstanceId(instance.getId()).activityId(timer);
    await().atMost(LIMIT).until(() -> job.count() == 1);
    managementService.setJobDuedate(job.singleResult().getId(), new Date());
  }

  void awaitEnd(ProcessInstance instance) {
    await().atMost(LIMIT).until(() -> isOver(instance));
  }

  boolean isOver(ProcessInstance instance) {
    return runtimeService.createProcessInstanceQuery().processInstanceId(instance.getId()).count()
        == 0;
  }

  /** Of which variables the history has each value that there was. */
  List<String> updates(ProcessInstance instance) {
    return historyService
        .createHistoricDetailQuery()
        .processInstanceId(instance.getId())
        .variableUpdates()
        .disableBinaryFetching()
        .list()
        .stream()
        .map(detail -> ((HistoricVariableUpdate) detail).getVariableName())
        .toList();
  }

  /** The newest value of a variable of the instance, whether or not it is over. */
  Object variable(ProcessInstance instance, String name) {
    return variable(instance.getId(), name);
  }

  Object variable(String instanceId, String name) {
    HistoricVariableInstance found = read(instanceId, name);
    while (found != null && isTorn(found)) {
      found = read(instanceId, name);
    }
    return found == null ? null : found.getValue();
  }

  /**
   * The engine reads a long value after its row, and finds nothing if it was replaced meanwhile.
   */
  private static boolean isTorn(HistoricVariableInstance found) {
    return found.getTypeName().equals("json") && found.getValue() == null;
  }

  private HistoricVariableInstance read(String instanceId, String name) {
    return historyService
        .createHistoricVariableInstanceQuery()
        .processInstanceId(instanceId)
        .variableName(name)
        .singleResult();
  }

  /** The jobs of the instance's cluster at the site, newest first. */
  List<LocalJob> jobs(ProcessInstance instance) {
    return TestSite.site().jobs().stream()
        .filter(job -> job.tags().stream().anyMatch(tag -> tag.endsWith(instance.getId())))
        .toList();
  }

  List<LocalJob> runningJobs(ProcessInstance instance) {
    return jobs(instance).stream().filter(LocalJob::running).toList();
  }

  /** Waits for it, since the processes of a job that was ended take a while to go. */
  void awaitRunningJobs(ProcessInstance instance, int count) {
    await().atMost(LIMIT).untilAsserted(() -> assertThat(runningJobs(instance)).hasSize(count));
  }

  void assertEndedAt(ProcessInstance instance, String endEvent) {
    BpmnAwareTests.assertThat(instance)
        .as("%s", variable(instance, "errorMessage"))
        .isEnded()
        .hasPassed("Teardown", endEvent);
    assertThat(jobs(instance)).allMatch(job -> job.status().matches("FAILED|SUCCESSFUL"));
    await().atMost(LIMIT).untilAsserted(() -> assertThat(runningJobs(instance)).isEmpty());
  }

  /** Of a cluster that has ended without a failure. */
  void assertStopped(ProcessInstance cluster, String endedBy) {
    assertEndedAt(cluster, "EndStopped");
    BpmnAwareTests.assertThat(cluster).hasNotPassed("EndFailed");
    assertThat(variable(cluster, "endedBy")).isEqualTo(endedBy);
    assertThat(variable(cluster, "clusterStatus")).isEqualTo("STOPPED");
  }

  void assertFailed(ProcessInstance instance, String code) {
    assertThat(variable(instance, "errorCode")).isEqualTo(code);
    assertEndedAt(instance, "EndFailed");
    BpmnAwareTests.assertThat(instance).hasNotPassed("EndStopped");
    assertThat(variable(instance, "endedBy")).isEqualTo("error");
    assertThat(variable(instance, "clusterStatus")).isEqualTo("FAILED");
  }
}

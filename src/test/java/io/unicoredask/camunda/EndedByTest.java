package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.HashMap;
import java.util.Map;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.camunda.bpm.model.bpmn.BpmnModelInstance;
import org.camunda.bpm.model.bpmn.builder.AbstractFlowNodeBuilder;
import org.camunda.bpm.model.bpmn.builder.ProcessBuilder;
import org.camunda.bpm.model.bpmn.builder.ServiceTaskBuilder;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What led to a teardown is seen in processes of somebody's own, which say nothing about it. */
class EndedByTest extends ProcessTest {

  private static final String KEY = "ends-somehow";
  private static final Map<String, Object> QUEUED = Map.of("queue", "full");

  @Autowired TaskService taskService;

  @Test
  void aProcessThatComesToItsTeardownByItselfHasDoneItsWork() {
    ProcessInstance instance = run(teardown(scheduler(process())).done(), Map.of());

    assertEnded(instance, "work", "STOPPED");
  }

  @Test
  void aMessageThatTearsTheClusterDownIsATeardown() {
    ProcessInstance instance =
        run(
            teardown(scheduler(process()))
                .moveToActivity("scheduler")
                .boundaryEvent("asked")
                .message("enough")
                .connectTo("teardown")
                .done(),
            QUEUED);

    send(instance, "enough", Map.of());

    assertEnded(instance, "teardown", "STOPPED");
  }

  @Test
  void aTimerThatTearsTheClusterDownIsTheEndOfItsLifetime() {
    ProcessInstance instance =
        run(
            teardown(scheduler(process()))
                .moveToActivity("scheduler")
                .boundaryEvent("late")
                .timerWithDuration("PT1S")
                .connectTo("teardown")
                .done(),
            QUEUED);

    assertEnded(instance, "lifetime", "STOPPED");
  }

  @Test
  void soIsATimerThatTheProcessWaitsForBesideAMessage() {
    ProcessInstance instance =
        run(
            teardown(
                    scheduler(process())
                        .eventBasedGateway()
                        .id("either")
                        .intermediateCatchEvent("time")
                        .timerWithDuration("PT1S"))
                .moveToNode("either")
                .intermediateCatchEvent("asked")
                .message("enough")
                .connectTo("teardown")
                .done(),
            Map.of());

    assertEnded(instance, "lifetime", "STOPPED");
  }

  @Test
  void anErrorThatTheProcessCatchesWithoutAskingForItsCodeIsAnError() {
    ProcessInstance instance =
        run(
            teardown(scheduler(process()))
                .moveToActivity("scheduler")
                .boundaryEvent("failed")
                .error()
                .connectTo("teardown")
                .done(),
            Map.of("schedulerJob", "{\"ApplicationName\": \"no-such-application\"}"));

    assertEnded(instance, "error", "FAILED");
  }

  @Test
  void aTimerBehindWhichTheClusterGoesOnEndsNothing() {
    ProcessInstance instance =
        run(
            teardown(scheduler(process()))
                .moveToActivity("scheduler")
                .boundaryEvent("late")
                .timerWithDuration("PT1S")
                .serviceTask("logs")
                .camundaDelegateExpression("${daskLogs}")
                .connectTo("teardown")
                .done(),
            QUEUED);

    assertEnded(instance, "work", "STOPPED");
    BpmnAwareTests.assertThat(instance).hasPassed("late", "logs");
  }

  @Test
  void remindersEndNothing() {
    ProcessBuilder process =
        Bpmn.createExecutableProcess(KEY).camundaHistoryTimeToLiveString("P1D");
    process
        .eventSubProcess()
        .startEvent("beside")
        .interrupting(false)
        .timerWithDuration("PT1S")
        .endEvent();
    ProcessInstance instance =
        run(
            teardown(scheduler(process.startEvent()).userTask("task"))
                .moveToActivity("task")
                .boundaryEvent("again")
                .timerWithDuration("PT1S")
                .connectTo("task")
                .done(),
            Map.of());
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> BpmnAwareTests.assertThat(instance).hasPassed("again", "beside").isNotEnded());
    assertThat(variable(instance, "endedBy")).isNull();

    WorkProcessTest.unlessChangedMeanwhile(
        () ->
            taskService.complete(
                taskService
                    .createTaskQuery()
                    .processInstanceId(instance.getId())
                    .singleResult()
                    .getId()));

    assertEnded(instance, "work", "STOPPED");
  }

  private static AbstractFlowNodeBuilder<?, ?> process() {
    return Bpmn.createExecutableProcess(KEY).camundaHistoryTimeToLiveString("P1D").startEvent();
  }

  private static ServiceTaskBuilder scheduler(AbstractFlowNodeBuilder<?, ?> before) {
    return before.serviceTask("scheduler").camundaDelegateExpression("${daskStartScheduler}");
  }

  private static AbstractFlowNodeBuilder<?, ?> teardown(AbstractFlowNodeBuilder<?, ?> before) {
    return before.serviceTask("teardown").camundaDelegateExpression("${daskTeardown}").endEvent();
  }

  private ProcessInstance run(BpmnModelInstance model, Map<String, Object> variables) {
    repositoryService.createDeployment().addModelInstance(KEY + ".bpmn", model).deploy();
    Map<String, Object> all = new HashMap<>(Map.of("site", "local"));
    all.putAll(variables);
    return runtimeService.startProcessInstanceByKey(KEY, all);
  }

  private void assertEnded(ProcessInstance instance, String endedBy, String status) {
    awaitEnd(instance);
    assertThat(variable(instance, "endedBy")).isEqualTo(endedBy);
    assertThat(variable(instance, "clusterStatus")).isEqualTo(status);
  }
}

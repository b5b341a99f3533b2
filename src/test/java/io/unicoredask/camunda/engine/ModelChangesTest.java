package io.unicoredask.camunda.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.unicoredask.SharedMappings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.ProcessEngines;
import org.camunda.bpm.engine.delegate.BpmnError;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.cfg.StandaloneInMemProcessEngineConfiguration;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.camunda.bpm.model.bpmn.BpmnModelInstance;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be read in models, and put into them, in an engine that knows no cluster. */
class ModelChangesTest {

  private static final Recorder MODELS = new Recorder();

  private static ProcessEngine engine;

  @BeforeAll
  static void startAnEngine() {
    ProcessEngineConfigurationImpl configuration = new StandaloneInMemProcessEngineConfiguration();
    configuration.getProcessEnginePlugins().add(new SharedMappings());
    configuration
        .getProcessEnginePlugins()
        .add(
            new AbstractProcessEnginePlugin() {
              @Override
              public void preInit(ProcessEngineConfigurationImpl starting) {
                new EngineSetup(starting).changeModels(MODELS);
              }
            });
    engine =
        configuration
            .setEnforceHistoryTimeToLive(false)
            .setJdbcUrl("jdbc:h2:mem:model-changes-test;DB_CLOSE_DELAY=-1")
            .setProcessEngineName("model-changes-test")
            .buildProcessEngine();
    ProcessEngines.unregister(engine);
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  @AfterEach
  void forget() {
    MODELS.found.clear();
    MODELS.behaviors.clear();
    engine
        .getRepositoryService()
        .createDeploymentQuery()
        .list()
        .forEach(
            deployment -> engine.getRepositoryService().deleteDeployment(deployment.getId(), true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://camunda.org/schema/1.0/bpmn", "http://activiti.org/bpmn"})
  void expressionsAreFoundInEachNamespaceThatTheEngineTakes(String namespace) {
    deploy(
        Bpmn.convertToString(
                Bpmn.createExecutableProcess("models")
                    .startEvent()
                    .camundaExecutionListenerDelegateExpression("start", "${listener}")
                    .serviceTask()
                    .camundaDelegateExpression("${task}")
                    .callActivity()
                    .calledElement("other")
                    .camundaVariableMappingDelegateExpression("${mapping}")
                    .endEvent()
                    .done())
            .replace("http://camunda.org/schema/1.0/bpmn", namespace));

    assertThat(MODELS.found)
        .containsExactlyInAnyOrder("start [${listener}]", "task ${task}", "call ${mapping}");
  }

  @Test
  void whatIsPutIntoAnActivityWaitsUntilItLeavesIt() {
    MODELS.behaviors.put("${wait}", new Waiting());
    deploy(oneTask("${wait}"));
    ProcessInstance instance = start();

    signal(instance, "not yet");
    assertThat(isRunning(instance)).isTrue();
    signal(instance, "done");
    assertThat(isRunning(instance)).isFalse();
  }

  @Test
  void anErrorOfItIsTheActivitys() {
    MODELS.behaviors.put("${wait}", new Waiting());
    deploy(
        Bpmn.createExecutableProcess("models")
            .startEvent()
            .serviceTask("task")
            .camundaDelegateExpression("${wait}")
            .endEvent()
            .moveToActivity("task")
            .boundaryEvent()
            .error("FAILED")
            .userTask("mended")
            .endEvent()
            .done());
    ProcessInstance instance = start();

    signal(instance, "fails");

    assertThat(engine.getRuntimeService().getActiveActivityIds(instance.getId()))
        .containsExactly("mended");
  }

  @Test
  void whatWaitsForNoSignalTakesNone() {
    MODELS.behaviors.put("${stay}", (execution, leave) -> {});
    deploy(oneTask("${stay}"));
    ProcessInstance instance = start();

    assertThatExceptionOfType(ProcessEngineException.class)
        .isThrownBy(() -> signal(instance, "done"));
  }

  private static BpmnModelInstance oneTask(String expression) {
    return Bpmn.createExecutableProcess("models")
        .startEvent()
        .serviceTask("task")
        .camundaDelegateExpression(expression)
        .endEvent()
        .done();
  }

  private static void deploy(BpmnModelInstance model) {
    deploy(Bpmn.convertToString(model));
  }

  private static void deploy(String model) {
    engine.getRepositoryService().createDeployment().addString("models.bpmn", model).deploy();
  }

  private static ProcessInstance start() {
    return engine.getRuntimeService().startProcessInstanceByKey("models");
  }

  private static void signal(ProcessInstance instance, String data) {
    String waiting =
        engine
            .getRuntimeService()
            .createExecutionQuery()
            .processInstanceId(instance.getId())
            .activityId("task")
            .singleResult()
            .getId();
    engine.getRuntimeService().signal(waiting, null, data, null);
  }

  private static boolean isRunning(ProcessInstance instance) {
    return engine
            .getRuntimeService()
            .createProcessInstanceQuery()
            .processInstanceId(instance.getId())
            .count()
        == 1;
  }

  /** Leaves when it is done. */
  private static final class Waiting implements WaitState {

    @Override
    public void begin(DelegateExecution execution, Runnable leave) {}

    @Override
    public void signal(DelegateExecution execution, Object data, Runnable leave) {
      if (data.equals("fails")) {
        throw new BpmnError("FAILED");
      }
      if (data.equals("done")) {
        leave.run();
      }
    }
  }

  /** Notes what it is told of, and puts behaviors in. */
  private static final class Recorder implements ModelChanges {

    private final List<String> found = new ArrayList<>();
    private final Map<String, Behavior> behaviors = new HashMap<>();

    @Override
    public void serviceTask(ModelActivity task, String delegateExpression) {
      found.add("task " + delegateExpression);
      if (behaviors.containsKey(delegateExpression)) {
        task.behave(behaviors.get(delegateExpression));
      }
    }

    @Override
    public void callActivity(ModelActivity call, String variableMapping) {
      found.add("call " + variableMapping);
    }

    @Override
    public void boundaryMessage(ModelActivity event) {}

    @Override
    public void startEvent(ModelActivity event, boolean isMessage, List<String> listeners) {
      found.add("start " + listeners);
    }

    @Override
    public void process(List<ModelActivity> activities) {}
  }
}

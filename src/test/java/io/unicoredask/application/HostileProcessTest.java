package io.unicoredask.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.unicoredask.ApplicationTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.SoftAssertions;
import org.camunda.bpm.engine.DecisionService;
import org.camunda.bpm.engine.FilterService;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.ExecutionListener;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.camunda.bpm.engine.filter.Filter;
import org.camunda.bpm.engine.repository.Deployment;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.engine.variable.Variables;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Whoever may deploy a process to the application gets nothing by it that is not the process's. */
@ApplicationTest
class HostileProcessTest {

  private static final String REACH =
      "(?s).*(out of reach|Cannot resolve identifier|is not run|Method not found: class io.unicoredask.autoconfigure.DaskSites).*";
  private static final AtomicInteger RUNS = new AtomicInteger();

  /** On the class path, as many classes are that can be worse. */
  public static class Hostile implements JavaDelegate, ExecutionListener {
    @Override
    public void execute(DelegateExecution execution) {
      RUNS.incrementAndGet();
    }

    @Override
    public void notify(DelegateExecution execution) {
      RUNS.incrementAndGet();
    }
  }

  @TempDir private Path directory;
  @Autowired private RepositoryService repositoryService;
  @Autowired private RuntimeService runtimeService;
  @Autowired private TaskService taskService;
  @Autowired private HistoryService historyService;
  @Autowired private FilterService filterService;
  @Autowired private DecisionService decisionService;

  @BeforeEach
  void forget() {
    RUNS.set(0);
  }

  @AfterEach
  void undeploy() {
    repositoryService
        .createDeploymentQuery()
        .deploymentName("hostile")
        .list()
        .forEach(one -> repositoryService.deleteDeployment(one.getId(), true));
  }

  private static final List<String> REACHING =
      List.of(
          "${environment.getProperty('spring.datasource.username')}",
          "${environment}",
          "${systemProperties['user.home']}",
          "${systemEnvironment['PATH']}",
          "${dataSource}",
          "${daskSealed}",
          "${daskProcessEnginePlugin}",
          "${daskClosedProcesses}",
          "${processEngine}",
          "${repositoryService}",
          "${processEngineConfigurationImpl}",
          "${sslBundleRegistry}",
          "${applicationTaskExecutor}",
          "${daskSites.class.classLoader}",
          "${daskSites.getClass()}",
          "${daskSites.wait(1)}",
          "${daskSites.names.getClass()}",
          "${daskSites.get('local').unicore().authentication()}",
          "${execution.processEngineServices.processEngineConfiguration.dataSource}",
          "${execution.getProcessEngineServices()}",
          "${execution.processEngine}",
          "${execution.getProcessEngine().processEngineConfiguration.beans}",
          "${execution.bpmnModelInstance}",
          "${execution.processInstance.processEngineServices}",
          "${execution.class}",
          "${execution.getClass().classLoader}",
          "${execution.variables.getClass()}",
          "${execution.getVariableTyped('number').type.getClass()}",
          "${''.class}",
          "${''.getClass().forName('java.lang.Runtime').getRuntime().exec('true')}",
          "${''['class'].classLoader}",
          "${number.getClass()}",
          "${number.getInteger('java.class.version')}",
          "${truth.getBoolean('java.awt.headless')}",
          "${list.getClass()}",
          "${list[0].getClass()}",
          "${map.name.getClass()}",
          "${list.stream().toList()}",
          "${now().getClass()}",
          "${dateTime().getClass()}",
          "${dateTime().chronology.getClass()}",
          "${JSON('{}').mapTo('java.util.Date')}",
          "${JSON('{}').unwrap().getClass()}",
          "${JSON('{}').getClass()}",
          "#{execution.getClass()}");

  @Test
  void noExpressionReachesAnythingButWhatIsItsOwn() {
    deployment(
        bpmn(
            REACHING.stream()
                .map(one -> process("hostile-" + REACHING.indexOf(one), task(expression(one))))
                .toArray(String[]::new)));
    SoftAssertions all = new SoftAssertions();
    for (String expression : REACHING) {
      Throwable refusal = catchThrowable(() -> start("hostile-" + REACHING.indexOf(expression)));
      all.assertThat(messages(refusal)).as(expression).matches(REACH);
    }
    all.assertAll();
    assertThat(runtimeService.createProcessInstanceQuery().deploymentId(deployed()).count())
        .isZero();
  }

  private static final List<Map.Entry<String, String>> NEEDED =
      List.of(
          Map.entry("${daskSites.names[0]}", "local"),
          Map.entry("${execution.processBusinessKey}", "the key"),
          Map.entry("${execution.getVariable('name').toUpperCase()}", "ADA"),
          Map.entry("${execution.variables.name}", "ada"),
          Map.entry("${execution.hasVariable('nobody')}", "false"),
          Map.entry("${list.size() + number}", "8"),
          Map.entry("${list.contains('b') and not empty map}", "true"),
          Map.entry("${map.name}${map.get('name')}", "adaada"),
          Map.entry("${JSON('{\"a\": [1, 2]}').prop('a').elements().size()}", "2"),
          Map.entry("${JSON('{\"a\": 3}').jsonPath('$.a').numberValue()}", "3"),
          Map.entry("${dateTime().plusDays(1).toDate().after(now())}", "true"),
          Map.entry("${execution.getVariableTyped('name').value}", "ada"),
          Map.entry("${execution.processInstance.id == execution.id}", "true"));

  @Test
  void whatAProcessNeedsIsThere() {
    deployment(
        bpmn(
            NEEDED.stream()
                .map(
                    one ->
                        process("hostile-" + NEEDED.indexOf(one), task(expression(one.getKey()))))
                .toArray(String[]::new)));
    SoftAssertions all = new SoftAssertions();
    for (Map.Entry<String, String> one : NEEDED) {
      String instance = start("hostile-" + NEEDED.indexOf(one)).getId();
      all.assertThat(
              historyService
                  .createHistoricVariableInstanceQuery()
                  .processInstanceId(instance)
                  .variableName("got")
                  .singleResult()
                  .getValue())
          .as(one.getKey())
          .asString()
          .isEqualTo(one.getValue());
    }
    all.assertAll();
  }

  @ParameterizedTest
  @ValueSource(strings = {"juel", "groovy", "javascript", "ecmascript", "python", "ruby", "feel"})
  void noScriptIsRun(String language) {
    deploy(
        "<scriptTask id=\"task\" scriptFormat=\"%s\"><script>1 + 1</script></scriptTask>"
            .formatted(language));
    assertThatThrownBy(this::start)
        .hasStackTraceContaining(
            "A script in '" + language + "' is not run, since the engine is closed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<camunda:inputOutput><camunda:inputParameter name=\"got\"><camunda:script scriptFormat=\"juel\">${1}</camunda:script></camunda:inputParameter></camunda:inputOutput>",
        "<camunda:executionListener event=\"start\"><camunda:script scriptFormat=\"juel\">${1}</camunda:script></camunda:executionListener>",
        "<camunda:executionListener event=\"start\"><camunda:script scriptFormat=\"juel\" resource=\"classpath://application.yaml\"/></camunda:executionListener>",
        "<camunda:executionListener event=\"start\" class=\"io.unicoredask.application.HostileProcessTest$Hostile\"/>",
        "<camunda:executionListener event=\"start\" expression=\"${execution.getClass()}\"/>",
        "<camunda:executionListener event=\"start\" delegateExpression=\"${dataSource}\"/>",
        "<camunda:inputOutput><camunda:inputParameter name=\"got\">${environment}</camunda:inputParameter></camunda:inputOutput>"
      })
  void whatIsAttachedToATaskIsRefusedAsWell(String extension) {
    deploy(
        "<manualTask id=\"task\"><extensionElements>%s</extensionElements></manualTask>"
            .formatted(extension));
    assertThatThrownBy(this::start).satisfies(this::isRefused);
    assertThat(RUNS).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "io.unicoredask.application.HostileProcessTest$Hostile",
        "org.camunda.bpm.engine.impl.bpmn.behavior.ShellActivityBehavior",
        "io.unicoredask.camunda.DaskRuntime"
      })
  void noClassIsRun(String type) {
    Path file = directory.resolve("made");
    deploy(
        """
        <serviceTask id="task" camunda:class="%s"><extensionElements>
          <camunda:field name="command" stringValue="touch"/>
          <camunda:field name="arg1" stringValue="%s"/>
        </extensionElements></serviceTask>
        """
            .formatted(type, file));
    assertThatThrownBy(this::start).satisfies(this::isRefused);
    assertThat(RUNS).hasValue(0);
    assertThat(file).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"shell", "mail", "Shell"})
  void noCommandIsDeployedAndNoMailIsSent(String type) {
    String command =
        """
        <serviceTask id="task" camunda:type="%s"><extensionElements>
          <camunda:field name="command" stringValue="touch"/>
          <camunda:field name="arg1" stringValue="%s"/>
          <camunda:field name="to" stringValue="nobody@localhost"/>
          <camunda:field name="text" stringValue="text"/>
        </extensionElements></serviceTask>
        """
            .formatted(type, directory.resolve("made"));
    assertThatThrownBy(() -> deploy(command))
        .hasMessageContaining("Error while parsing process")
        .hasMessageContaining(type.toLowerCase().substring(1) + "ActivityBehavior");
    assertThat(repositoryService.createDeploymentQuery().deploymentName("hostile").count())
        .isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          juel       | ${environment}
          juel       | ${''.getClass()}
          groovy     | 1
          javascript | 1
          feel       | ({f: function(x) external {java: {class: "java.lang.System", method signature: "getProperty(java.lang.String)"}}, got: f("user.home")}).got
          feel       | name.class
          feel       | name.getClass()
          """)
  void noDecisionReachesMore(String language, String expression) {
    repositoryService
        .createDeployment()
        .name("hostile")
        .addString(
            "hostile.dmn",
            """
            <definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"
                namespace="x" xmlns:camunda="http://camunda.org/schema/1.0/dmn">
              <decision id="hostile" name="hostile" camunda:historyTimeToLive="P1D">
                <variable name="got" typeRef="string"/>
                <literalExpression expressionLanguage="%s"><text>%s</text></literalExpression>
              </decision>
            </definitions>
            """
                .formatted(language, escaped(expression)))
        .deploy();
    Throwable refusal =
        catchThrowable(
            () -> {
              Object got =
                  decisionService
                      .evaluateDecisionByKey("hostile")
                      .variables(Map.of("name", "ada"))
                      .evaluate()
                      .getSingleEntry();
              assertThat(got).as("got").isNull();
            });
    if (language.equals("feel")) {
      assertThat(refusal instanceof AssertionError).as("%s", refusal).isFalse();
    } else {
      assertThat(refusal).satisfies(this::isRefused);
    }
  }

  @Test
  void noStoredFilterReachesMore() {
    Filter filter =
        filterService
            .newTaskFilter("hostile")
            .setQuery(
                taskService.createTaskQuery().taskAssigneeExpression("${''.getClass().name}"));
    filterService.saveFilter(filter);
    try {
      assertThatThrownBy(() -> filterService.list(filter.getId())).satisfies(this::isRefused);
    } finally {
      filterService.deleteFilter(filter.getId());
    }
  }

  @Test
  void noFileIsReadByAnEntity() throws Exception {
    Path file = Files.writeString(directory.resolve("secret"), "not to be read");
    String bpmn = bpmn(process("hostile", "<manualTask id=\"task\" name=\"&secret;\"/>"));
    String hostile =
        bpmn.replaceFirst(
            "<definitions",
            "<!DOCTYPE definitions [<!ENTITY secret SYSTEM \"file://%s\">]>\n<definitions"
                .formatted(file));
    assertThat(hostile).contains("DOCTYPE");
    assertThatThrownBy(() -> deployment(hostile)).hasMessageNotContaining("not to be read");
  }

  private void isRefused(Throwable e) {
    assertThat(messages(e)).matches(REACH);
  }

  private static String messages(Throwable e) {
    StringBuilder messages = new StringBuilder();
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      messages.append(cause.getMessage()).append('\n');
    }
    return messages.toString();
  }

  private String deployed() {
    return repositoryService
        .createDeploymentQuery()
        .deploymentName("hostile")
        .singleResult()
        .getId();
  }

  private ProcessInstance start() {
    return start("hostile");
  }

  private ProcessInstance start(String key) {
    return runtimeService.startProcessInstanceByKey(
        key,
        "the key",
        Variables.createVariables()
            .putValue("number", 5)
            .putValue("truth", true)
            .putValue("name", "ada")
            .putValue("date", new Date())
            .putValueTyped(
                "list",
                Variables.objectValue(new ArrayList<>(List.of("a", "b", "c")), true)
                    .serializationDataFormat("application/json")
                    .create())
            .putValueTyped(
                "map",
                Variables.objectValue(new HashMap<>(Map.of("name", "ada")), true)
                    .serializationDataFormat("application/json")
                    .create()));
  }

  private static String task(String attributes) {
    return "<serviceTask id=\"task\" %s/>".formatted(attributes);
  }

  private static String expression(String expression) {
    return "camunda:expression=\"%s\" camunda:resultVariable=\"got\""
        .formatted(escaped(expression));
  }

  private Deployment deploy(String task) {
    return deployment(bpmn(process("hostile", task)));
  }

  private Deployment deployment(String bpmn) {
    return repositoryService
        .createDeployment()
        .name("hostile")
        .addString("hostile.bpmn", bpmn)
        .deploy();
  }

  private static String bpmn(String... processes) {
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
            xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="x">
          %s
        </definitions>
        """
        .formatted(String.join("\n", processes));
  }

  /** Ids are unique in a file. */
  private static String process(String key, String task) {
    return """
        <process id="KEY" isExecutable="true" camunda:historyTimeToLive="P1D">
          <startEvent id="KEY-start"/>
          <sequenceFlow id="KEY-to" sourceRef="KEY-start" targetRef="KEY-task"/>
          %s
          <sequenceFlow id="KEY-on" sourceRef="KEY-task" targetRef="KEY-end"/>
          <endEvent id="KEY-end"/>
        </process>
        """
        .replace("KEY", key)
        .formatted(task.replace("id=\"task\"", "id=\"" + key + "-task\""));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}

package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.unicoredask.FreePort;
import io.unicoredask.TestSite;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.MismatchingMessageCorrelationException;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests;
import org.camunda.bpm.engine.variable.Variables;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.camunda.bpm.model.bpmn.builder.AbstractFlowNodeBuilder;
import org.camunda.spin.plugin.variable.SpinValues;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot be fulfilled is refused before anything is submitted. */
class BadRequestTest extends ProcessTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          site         | nowhere  | [local, modules, newest, oldest, personal, rationed]
          workers      | -1       | whole number
          lifetime     | tomorrow | ISO 8601
          schedulerJob | {oops    | JSON
          """)
  void theStartIsRefusedWithTheReason(String variable, String value, String allowed) {
    int before = TestSite.site().jobs().size();

    assertThatExceptionOfType(ProcessEngineException.class)
        .isThrownBy(() -> start(Map.of(variable, value)))
        .withMessageContaining("DASK_INVALID_REQUEST")
        .withMessageContaining(variable + " = " + value)
        .withMessageContaining(allowed);

    assertThat(runtimeService.createProcessInstanceQuery().count()).isZero();
    assertThat(TestSite.site().jobs()).hasSize(before);
  }

  @ParameterizedTest
  @CsvSource({
    "n_workers, workers",
    "Work, work",
    "scheduler_job_desc, schedulerJob",
    "local_port, localPort",
    "Queue, queue",
    "idletimeout, idleTimeout"
  })
  void aNameThatIsMeantToBeAnotherIsRefusedWithTheRightOne(String given, String right) {
    assertThatExceptionOfType(ProcessEngineException.class)
        .isThrownBy(() -> start(Map.of(given, 1)))
        .withMessageContaining("DASK_INVALID_REQUEST")
        .withMessageContaining("%s is no variable of a cluster; use %s".formatted(given, right));
    assertThat(runtimeService.createProcessInstanceQuery().count()).isZero();
  }

  @Test
  void malformedJsonOfTheEnginesOwnTypeIsRefusedWithItsName() {
    assertThatExceptionOfType(ProcessEngineException.class)
        .isThrownBy(() -> start(Map.of("schedulerJob", SpinValues.jsonValue("{oops").create())))
        .withMessageContaining("schedulerJob = {oops")
        .withMessageContaining("JSON");
  }

  @Test
  void aLocalPortThatIsTakenIsRefused() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatExceptionOfType(ProcessEngineException.class)
          .isThrownBy(() -> start(Map.of("localPort", taken.getLocalPort())))
          .withMessageContaining("DASK_PORT_IN_USE")
          .withMessageContaining("localPort = " + taken.getLocalPort())
          .withMessageContaining("another process");
    }
  }

  @Test
  void aLocalPortThatAnotherClusterHasIsRefusedWithTheClustersId() {
    ProcessInstance first = start(Map.of());
    awaitStatus(first, "RUNNING");
    int port =
        Integer.parseInt(((String) variable(first, "schedulerAddress")).replaceAll(".*:", ""));

    assertThatExceptionOfType(ProcessEngineException.class)
        .isThrownBy(() -> start(Map.of("localPort", port)))
        .withMessageContaining("DASK_PORT_IN_USE")
        .withMessageContaining(first.getId());
  }

  @Test
  void aLocalPortThatAQueuedClusterIsToHaveIsRefusedAndThenFreeAgain() throws IOException {
    int port = FreePort.any();
    ProcessInstance queued = start(Map.of("queue", "full", "localPort", String.valueOf(port)));

    Map<String, Object> wanted =
        Map.of("queue", "full", "localDashboardPort", port, "connectDashboard", true);
    assertThatExceptionOfType(ProcessEngineException.class)
        .isThrownBy(() -> start(wanted))
        .withMessageContaining("DASK_PORT_IN_USE")
        .withMessageContaining("localDashboardPort = " + port)
        .withMessageContaining(queued.getId());

    send(queued, "dask-cluster-teardown", Map.of());
    awaitEnd(queued);
    assertThat(isOver(start(wanted))).isFalse();
  }

  @Test
  void aProcessThatHasThePortInAVariableOfItsOwnDoesNotHaveThePort() throws IOException {
    int port = FreePort.any();
    startAnotherProcess(Map.of("localPort", port));

    assertThat(isOver(start(Map.of("queue", "full", "localPort", port)))).isFalse();
  }

  @Test
  void aProcessThatCallsTheClusterCatchesTheRefusalAsAnError() {
    repositoryService
        .createDeployment()
        .addModelInstance(
            "caller.bpmn",
            Bpmn.createExecutableProcess("caller")
                .camundaHistoryTimeToLiveString("P1D")
                .startEvent()
                .callActivity("call")
                .calledElement("dask-cluster")
                .camundaIn("workers", "workers")
                .camundaIn("site", "site")
                .boundaryEvent("refused")
                .error("DASK_INVALID_REQUEST")
                .endEvent("caught")
                .moveToActivity("call")
                .endEvent()
                .done())
        .deploy();

    ProcessInstance caller =
        runtimeService.startProcessInstanceByKey("caller", Map.of("site", "local", "workers", -1));

    BpmnAwareTests.assertThat(caller).isEnded().hasPassed("refused", "caught");
  }

  @Test
  void aScaleMessageThatCannotBeFulfilledIsRefusedAndChangesNothing() {
    ProcessInstance cluster = start(Map.of("queue", "full", "workers", 2));
    await().atMost(LIMIT).until(() -> !jobs(cluster).isEmpty());

    assertThatExceptionOfType(ProcessEngineException.class)
        .isThrownBy(() -> send(cluster, "dask-cluster-scale", Map.of("workers", "lots")))
        .withMessageContaining("workers = lots");

    assertThat(variable(cluster, "workers")).isEqualTo(2);
    assertThat(variable(cluster, "clusterSize")).isEqualTo("2 workers");
  }

  @Test
  void theLimitsOfTheSiteHoldForScaleMessagesAndLifetimesToo() {
    assertThatExceptionOfType(ProcessEngineException.class)
        .isThrownBy(() -> start(Map.of("site", "modules", "lifetime", "P1D")))
        .withMessageContaining("lifetime = P1D")
        .withMessageContaining("unicore-dask.sites.modules.limits.lifetime");
    ProcessInstance cluster = start(Map.of("site", "modules", "queue", "full"));
    assertThat(variable(cluster, "lifetime")).isEqualTo("PT12H");

    assertThatExceptionOfType(ProcessEngineException.class)
        .isThrownBy(() -> send(cluster, "dask-cluster-scale", Map.of("jobs", 11)))
        .withMessageContaining("jobs = 11")
        .withMessageContaining("up to 10 at site 'modules'")
        .withMessageContaining("unicore-dask.sites.modules.limits.jobs");

    assertThat(variable(cluster, "clusterSize")).isEqualTo("0 workers");
  }

  @Test
  void aBusinessKeyIsThatOfOneLivingClusterAndIsFreeAgainWhenItIsTornDown() {
    Map<String, Object> queued = Map.of("site", "local", "queue", "full", "localPort", 0);
    ProcessInstance first =
        runtimeService.startProcessInstanceByKey("dask-cluster", "mine", queued);

    assertThatExceptionOfType(ProcessEngineException.class)
        .isThrownBy(() -> runtimeService.startProcessInstanceByKey("dask-cluster", "mine", queued))
        .withMessageContaining("DASK_INVALID_REQUEST")
        .withMessageContaining("business key mine")
        .withMessageContaining(first.getId());
    assertThat(runtimeService.createProcessInstanceQuery().count()).isOne();

    send(first, "dask-cluster-teardown", Map.of());
    awaitEnd(first);
    assertThat(isOver(runtimeService.startProcessInstanceByKey("dask-cluster", "mine", queued)))
        .isFalse();
  }

  @Test
  void aCalledClusterHasItsBusinessKeyForItselfToo() {
    deployCaller("hands-on", "");
    ProcessInstance first =
        runtimeService.startProcessInstanceByKey("hands-on", "handed-on", queued());
    ProcessInstance called =
        runtimeService
            .createProcessInstanceQuery()
            .superProcessInstanceId(first.getId())
            .singleResult();

    assertThatExceptionOfType(Refusal.class)
        .isThrownBy(
            () -> runtimeService.startProcessInstanceByKey("dask-cluster", "handed-on", queued()))
        .withMessageContaining(called.getId());
    BpmnAwareTests.assertThat(
            runtimeService.startProcessInstanceByKey("hands-on", "handed-on", queued()))
        .isEnded()
        .hasPassed("refused");
  }

  @Test
  void aClusterThatIsCalledWithinAnotherMayHaveItsBusinessKey() {
    deployCaller("has-a-cluster", "${daskCheckRequest}");

    ProcessInstance outer =
        runtimeService.startProcessInstanceByKey("has-a-cluster", "outer", queued());

    BpmnAwareTests.assertThat(outer).isWaitingAt("call");
  }

  @Test
  void aScriptWithAMisspeltVariableIsRefusedInAProcessOfOnesOwnToo() {
    repositoryService
        .createDeployment()
        .addModelInstance(
            "misspelt.bpmn",
            Bpmn.createExecutableProcess("misspelt")
                .camundaHistoryTimeToLiveString("P1D")
                .startEvent()
                .serviceTask()
                .camundaDelegateExpression("${daskCheckRequest}")
                .camundaOutputParameter("script", "pass")
                .camundaOutputParameter("scriptArgument", "[\"x\"]")
                .serviceTask("run")
                .camundaDelegateExpression("${daskRunScript}")
                .boundaryEvent("refused")
                .error("DASK_INVALID_REQUEST")
                .endEvent()
                .moveToActivity("run")
                .endEvent()
                .done())
        .deploy();

    BpmnAwareTests.assertThat(runtimeService.startProcessInstanceByKey("misspelt", queued()))
        .isEnded()
        .hasPassed("refused");
  }

  @Test
  void theNameAndTheAsynchronyOfUnicoreClusterAreRefusedWithWhatIsInTheirPlace() {
    assertThatExceptionOfType(Refusal.class)
        .isThrownBy(() -> start(Map.of("name", "mine", "asynchronous", true)))
        .withMessageContaining("name is no variable of a cluster; use the business key")
        .withMessageContaining("asynchronous is no variable of a cluster; leave it out");
  }

  private static Map<String, Object> queued() {
    return Map.of("site", "local", "queue", "full", "localPort", 0);
  }

  /** Calls {@code dask-cluster} with its own business key, after an activity if one is named. */
  private void deployCaller(String key, String activity) {
    AbstractFlowNodeBuilder<?, ?> start =
        Bpmn.createExecutableProcess(key).camundaHistoryTimeToLiveString("P1D").startEvent();
    if (!activity.isEmpty()) {
      start = start.serviceTask().camundaDelegateExpression(activity);
    }
    repositoryService
        .createDeployment()
        .addModelInstance(
            key + ".bpmn",
            start
                .callActivity("call")
                .calledElement("dask-cluster")
                .camundaInBusinessKey("${execution.processBusinessKey}")
                .camundaIn("site", "site")
                .camundaIn("queue", "queue")
                .camundaIn("localPort", "localPort")
                .boundaryEvent("refused")
                .error("DASK_INVALID_REQUEST")
                .endEvent()
                .moveToActivity("call")
                .endEvent()
                .done())
        .deploy();
  }

  @Test
  void aTextThatTheEngineCannotKeepIsRefusedWithItsNameAndTheTypeThatItCan() {
    String description = "{\"Environment\": [\"PAD=%s\"]}".formatted("x".repeat(4000));

    assertThatExceptionOfType(ProcessEngineException.class)
        .isThrownBy(() -> start(Map.of("schedulerJob", description, "workers", -1)))
        .withMessageContaining("schedulerJob = (4025 characters) is not allowed")
        .withMessageContaining("type Json")
        .withMessageContaining("workers = -1");
    assertThat(
            isOver(
                start(
                    Map.of(
                        "queue",
                        "full",
                        "schedulerJob",
                        SpinValues.jsonValue(description).create()))))
        .isFalse();
  }

  @Test
  void aBusinessKeyThatTheEngineCannotKeepIsRefused() {
    assertThatExceptionOfType(ProcessEngineException.class)
        .isThrownBy(
            () ->
                runtimeService.startProcessInstanceByKey(
                    "dask-cluster", "k".repeat(256), Map.of("site", "local", "localPort", 0)))
        .withMessageContaining("256 characters; allowed are up to 255");
    assertThat(runtimeService.createProcessInstanceQuery().count()).isZero();
  }

  @Test
  void aClusterOfNoWorkersThatNobodyAskedForSaysSoUntilSomebodyDoes() {
    ProcessInstance cluster = start(Map.of("queue", "full"));
    await()
        .atMost(LIMIT)
        .until(
            () -> String.valueOf(variable(cluster, "clusterWarning")).contains("has no workers"));

    send(cluster, "dask-cluster-scale", Map.of("workers", 0));

    await().atMost(LIMIT).until(() -> variable(cluster, "clusterWarning") == null);
  }

  @Test
  void aMessageThatAsksForNothingOrBringsWhatItDoesNotReadIsRefused() {
    ProcessInstance cluster = start(Map.of("queue", "full", "workers", 2));

    assertRefused(cluster, "dask-cluster-scale", Map.of(), "give workers, jobs or adapt");
    assertRefused(cluster, "dask-cluster-scale", Map.of("mine", 1), "give workers, jobs or adapt");
    assertRefused(cluster, "dask-cluster-scale", Map.of("worker", 1), "use workers");
    assertRefused(
        cluster,
        "dask-cluster-teardown",
        Map.of("workers", 1, "nworkers", 2),
        "nworkers is no variable of a cluster; use workers; workers is not read by dask-cluster-teardown");
    send(cluster, "dask-cluster-scale", Map.of("workers", 2));
    assertThat(isOver(cluster)).isFalse();
  }

  @Test
  void allThatIsWrongWithAStartIsSaidInOneText() throws IOException {
    ProcessInstance other = start(Map.of("queue", "full"));
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Map<String, Object> wrong =
          Map.of(
              "site", "local",
              "worker", 2,
              "local-port", 0,
              "processes", "none",
              "clusterStatus", "RUNNING",
              "work", "dask-script",
              "resultFiles", "[1]",
              "localPort", taken.getLocalPort());

      assertThatExceptionOfType(Refusal.class)
          .isThrownBy(
              () ->
                  runtimeService.startProcessInstanceByKey(
                      "dask-cluster", other.getBusinessKey(), wrong))
          .withMessageStartingWith("DASK_INVALID_REQUEST: ")
          .withMessageContaining("worker is no variable of a cluster; use workers")
          .withMessageContaining("local-port is no variable of a cluster; use localPort")
          .withMessageContaining("processes = none")
          .withMessageContaining("clusterStatus may not be given")
          .withMessageContaining("resultFiles = [1]")
          .withMessageContaining("script = null")
          .withMessageContaining("that of the cluster of process instance " + other.getId())
          .withMessageContaining("localPort = %d: local port".formatted(taken.getLocalPort()));
    }
  }

  @Test
  void anAllocationAtASiteThatIsNotConfiguredIsNoRiddle() {
    assertThatExceptionOfType(Refusal.class)
        .isThrownBy(() -> start(Map.of("site", "nowhere", "allocation", "https://nowhere/jobs/1")))
        .withMessageContaining("site = nowhere");
  }

  @Test
  void allLocalPortsThatAreTakenAreSaidInOneText() throws IOException {
    try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Map<String, Object> taken =
          Map.of(
              "localPort", one.getLocalPort(),
              "connectDashboard", true,
              "localDashboardPort", other.getLocalPort());

      assertThatExceptionOfType(Refusal.class)
          .isThrownBy(() -> start(taken))
          .withMessageStartingWith("DASK_PORT_IN_USE: localPort = " + one.getLocalPort())
          .withMessageContaining("localDashboardPort = " + other.getLocalPort());
    }
  }

  @Test
  void allThatIsWrongWithAMessageIsSaidInOneText() {
    ProcessInstance cluster = start(Map.of("queue", "full", "workers", 2));

    assertThatExceptionOfType(Refusal.class)
        .isThrownBy(
            () ->
                send(
                    cluster,
                    "dask-cluster-scale",
                    Map.of("worker", 3, "endedBy", "me", "site", "elsewhere", "jobs", -1)))
        .withMessageContaining("worker is no variable of a cluster; use workers")
        .withMessageContaining("endedBy may not be given")
        .withMessageContaining("site = elsewhere")
        .withMessageContaining("jobs = -1");
    for (String message : List.of("dask-cluster-scale", "dask-cluster-teardown")) {
      assertThatExceptionOfType(Refusal.class)
          .as("one that is gone when the message has been taken")
          .isThrownBy(
              () -> send(cluster, message, Map.of("worker", Variables.integerValue(3, true))))
          .withMessageContaining("worker is no variable of a cluster; use workers");
    }
  }

  @Test
  void aDryRunTooIsRefusedABusinessKeyThatTheEngineCannotKeep() {
    Map<String, Object> dryRun = Map.of("site", "local", "dryRun", true);

    assertThatExceptionOfType(Refusal.class)
        .isThrownBy(
            () -> runtimeService.startProcessInstanceByKey("dask-cluster", "k".repeat(256), dryRun))
        .withMessageContaining("256 characters; allowed are up to 255");
  }

  private void assertRefused(
      ProcessInstance cluster, String message, Map<String, Object> variables, String reason) {
    assertThatExceptionOfType(ProcessEngineException.class)
        .isThrownBy(() -> send(cluster, message, variables))
        .withMessageContaining("DASK_INVALID_REQUEST")
        .withMessageContaining(reason);
  }

  @Test
  void aClusterThatIsGoneTakesNoMessagesAndSaysWhenAndHowItEnded() {
    ProcessInstance cluster = start(Map.of("queue", "full"));
    send(cluster, "dask-cluster-teardown", Map.of());
    awaitEnd(cluster);
    String key = cluster.getBusinessKey();
    String fate =
        "the cluster of process instance %s \\(business key '%s'\\) is over: STOPPED at \\d{4}-[^,]*, endedBy = teardown"
            .formatted(cluster.getId(), key);

    assertThatExceptionOfType(MismatchingMessageCorrelationException.class)
        .isThrownBy(() -> send(cluster, "dask-cluster-scale", Map.of("workers", 1)))
        .satisfies(e -> assertThat(e.getMessage()).containsPattern(fate));
    assertThatExceptionOfType(MismatchingMessageCorrelationException.class)
        .isThrownBy(() -> runtimeService.correlateMessage("dask-cluster-logs", key))
        .satisfies(e -> assertThat(e.getMessage()).containsPattern(fate));
    for (String nobodys : List.of("another-message", "dask-cluster-scale")) {
      assertThatExceptionOfType(MismatchingMessageCorrelationException.class)
          .isThrownBy(
              () ->
                  runtimeService.correlateMessage(
                      nobodys, nobodys.startsWith("dask") ? "nobody's" : key))
          .withMessageContaining("No process definition or execution matches the parameters");
    }
  }
}

package io.unicoredask.camunda;

import static org.awaitility.Awaitility.await;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpServer;
import io.unicoredask.DaskEnvironment;
import io.unicoredask.localsite.LocalJob;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.engine.variable.Variables;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ConfigurableApplicationContext;

/** Python scripts that run as jobs inside a cluster. */
@Tag(DaskEnvironment.TAG)
class RunScriptTest extends WorkProcessTest {

  @Autowired DaskRuntime runtime;
  @Autowired ConfigurableApplicationContext context;

  /** By the certificate that it finds there, since the cluster has TLS. */
  @Test
  void aScriptComputesInTheClusterWhichIsTornDownWhenItEnds() throws IOException {
    ProcessInstance cluster =
        work(
            COMPUTE,
            Map.of(
                "security", "tls",
                "tunnel", "direct",
                "scriptArguments", "[\"it's one\", \"$HOME\"]",
                "resultFiles", "{\"answer\": \"out/result.json\"}"));
    awaitStatus(cluster, "RUNNING");
    ProcessInstance script = called(cluster);
    await().atMost(LIMIT).until(() -> "sum is 285\n".equals(variable(script, "scriptOutput")));
    assertThat(cluster).isWaitingAtExactly("Cluster", "ClusterReady", "Work");
    assertThat(script).isWaitingAt("RunScript");
    Assertions.assertThat(script.getBusinessKey()).isEqualTo(cluster.getBusinessKey());

    goOn(script);
    awaitEnd(cluster);

    assertStopped(cluster, "work");
    Assertions.assertThat(variable(cluster, "scriptExitCode")).isEqualTo(0);
    Assertions.assertThat(variable(cluster, "scriptOutput"))
        .isEqualTo("sum is 285\ngröße it's one $HOME\n");
    Assertions.assertThat(updates(script)).isNotEmpty().doesNotContain("scriptOutput");
    Assertions.assertThat((String) variable(cluster, "scriptJobUrl")).contains("/jobs/");
    Assertions.assertThat(bytes(cluster, "answer")).isEqualTo("{\"sum\": 285}");
    Assertions.assertThat(variable(cluster, "errorCode")).isNull();
  }

  @Test
  void aScriptThatFailsEndsTheClusterWithItsExitCodeAndTheEndOfItsOutput() {
    ProcessInstance cluster =
        work("print('so far so good')\nraise ValueError('no such luck')\n", Map.of());
    awaitEnd(cluster);

    assertFailed(cluster, "DASK_SCRIPT_FAILED");
    Assertions.assertThat((String) variable(cluster, "errorMessage"))
        .contains("exit code 1")
        .contains("non-zero exit code")
        .contains("ValueError: no such luck");
    Assertions.assertThat(variable(cluster, "scriptExitCode")).isEqualTo(1);
    Assertions.assertThat((String) variable(cluster, "scriptOutput"))
        .startsWith("so far so good\n")
        .endsWith("ValueError: no such luck\n");
  }

  @Test
  void aResultFileThatTheScriptDidNotWriteIsAnError() {
    ProcessInstance cluster = work("pass", Map.of("resultFiles", "{\"answer\": \"no.json\"}"));
    awaitEnd(cluster);

    assertFailed(cluster, "DASK_SCRIPT_FAILED");
    Assertions.assertThat((String) variable(cluster, "errorMessage"))
        .contains("did not write the result file no.json");
    Assertions.assertThat(variable(cluster, "scriptExitCode")).isEqualTo(0);
  }

  @Test
  void aResultFileThatIsTooLargeIsAnErrorThatSaysWhereItIs() {
    ProcessInstance cluster =
        work(
            "open('big', 'wb').truncate(11 << 20)", Map.of("resultFiles", "{\"answer\": \"big\"}"));
    awaitEnd(cluster);

    assertFailed(cluster, "DASK_SCRIPT_FAILED");
    Assertions.assertThat((String) variable(cluster, "errorMessage"))
        .contains("11534336 bytes")
        .contains("/storages/");
  }

  @Test
  void theSiteFetchesAScriptThatIsGivenAsAUrl() throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/script.py",
        exchange -> {
          byte[] script = "print('fetched')".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, script.length);
          exchange.getResponseBody().write(script);
          exchange.close();
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort();
      ProcessInstance cluster = work(url + "/script.py", Map.of("workers", 0));
      awaitEnd(cluster);
      assertStopped(cluster, "work");
      Assertions.assertThat(variable(cluster, "scriptOutput")).isEqualTo("fetched\n");

      ProcessInstance failed = work(url + "/nowhere.py", Map.of("workers", 0));
      awaitEnd(failed);
      assertFailed(failed, "DASK_SCRIPT_FAILED");
      Assertions.assertThat((String) variable(failed, "errorMessage")).contains("404");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aScriptThatIsLongerThanATextVariableIsAFile() {
    String script = "# %s\nprint('long')\n".formatted("x".repeat(5000));
    Map<String, Object> variables = variables(script, Map.of("work", "dask-script", "workers", 0));
    variables.put(
        "script",
        Variables.fileValue("compute.py").file(script.getBytes(StandardCharsets.UTF_8)).create());
    ProcessInstance cluster = start(variables);
    awaitEnd(cluster);

    assertStopped(cluster, "work");
    Assertions.assertThat(variable(cluster, "scriptOutput")).isEqualTo("long\n");
  }

  @Test
  void aScriptRunsInAnAllocationBesideTheCluster() {
    ProcessInstance cluster =
        work(
            "from dask.distributed import Client; print(Client().submit(sum, [1, 2]).result())",
            Map.of("site", "modules", "allocation", "{\"Resources\": {\"Nodes\": 2}}"));
    awaitEnd(cluster);

    assertStopped(cluster, "work");
    Assertions.assertThat(variable(cluster, "scriptOutput")).isEqualTo("3\n");
  }

  @Test
  void aScriptWhoseActivityIsCancelledIsAbortedWhileItsClusterGoesOn() {
    deploy(
        "cancelled-script",
        Bpmn.createExecutableProcess("cancelled-script")
            .camundaHistoryTimeToLiveString("P1D")
            .startEvent()
            .serviceTask("script")
            .camundaDelegateExpression("${daskRunScript}")
            .userTask("after")
            .endEvent()
            .done());
    ProcessInstance cluster =
        start(
            variables(
                "import time; print('going', flush=True); time.sleep(600)",
                Map.of("work", "cancelled-script", "workers", 0)));
    awaitStatus(cluster, "RUNNING");
    ProcessInstance work = called(cluster);
    await().atMost(LIMIT).until(() -> "going\n".equals(variable(work, "scriptOutput")));
    Assertions.assertThat(runningJobs(cluster)).hasSize(2);

    unlessChangedMeanwhile(
        () ->
            runtimeService
                .createProcessInstanceModification(work.getId())
                .startBeforeActivity("after")
                .cancelAllForActivity("script")
                .execute());

    await().atMost(LIMIT).until(() -> runningJobs(cluster).size() == 1);
    assertThat(cluster).isWaitingAtExactly("Cluster", "ClusterReady", "Work");
  }

  @Test
  void whatAScriptPrintsIsLoggedWhileItRuns() throws IOException {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger("io.unicoredask.script");
    log.start();
    logger.addAppender(log);
    try {
      ProcessInstance cluster = work(COMPUTE, Map.of());
      awaitStatus(cluster, "RUNNING");
      await().atMost(LIMIT).until(() -> !log.list.isEmpty());

      Assertions.assertThat(log.list.get(0).getLevel()).isEqualTo(Level.INFO);
      Assertions.assertThat(log.list.get(0).getFormattedMessage())
          .contains(cluster.getId())
          .endsWith(": sum is 285");
      assertThat(called(cluster)).isWaitingAt("RunScript");
    } finally {
      logger.detachAppender(log);
    }
  }

  @Test
  void scriptsOneAfterTheOtherAndSideBySideEachHaveAJob() {
    deploy(
        "many-scripts",
        Bpmn.createExecutableProcess("many-scripts")
            .camundaHistoryTimeToLiveString("P1D")
            .startEvent()
            .parallelGateway("fork")
            .serviceTask("one")
            .camundaDelegateExpression("${daskRunScript}")
            .parallelGateway("join")
            .serviceTask("again")
            .camundaDelegateExpression("${daskRunScript}")
            .endEvent()
            .moveToNode("fork")
            .serviceTask("other")
            .camundaDelegateExpression("${daskRunScript}")
            .connectTo("join")
            .done());
    ProcessInstance cluster =
        start(
            variables(
                "import os; print('in', os.getcwd())",
                Map.of("work", "many-scripts", "workers", 0)));
    awaitEnd(cluster);

    assertStopped(cluster, "work");
    Assertions.assertThat(jobs(cluster))
        .hasSize(4)
        .extracting(LocalJob::id)
        .doesNotHaveDuplicates();
  }
}

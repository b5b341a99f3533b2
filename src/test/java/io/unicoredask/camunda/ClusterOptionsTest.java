package io.unicoredask.camunda;

import static org.awaitility.Awaitility.await;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.FreePort;
import io.unicoredask.TestSite;
import io.unicoredask.localsite.LocalJob;
import io.unicoredask.tunnel.TestCertificate;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.spin.json.SpinJsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What a cluster can be asked for besides its size. */
class ClusterOptionsTest extends ProcessTest {

  @Test
  void aDryRunSaysWhatWouldBeSubmittedAndSubmitsNothing() {
    int before = TestSite.site().jobs().size();

    ProcessInstance cluster =
        start(
            Map.of(
                "dryRun",
                true,
                "queue",
                "batch",
                "threads",
                4,
                "allocation",
                "{\"Resources\": {\"Nodes\": 4}}"));

    assertThat(cluster).isEnded().hasPassed("Described").hasNotPassed("Cluster", "Teardown");
    Assertions.assertThat(description(cluster, "schedulerJobDescription"))
        .contains("\"dask-scheduler\"")
        .contains("./dask.json");
    Assertions.assertThat(description(cluster, "workerJobDescription"))
        .contains("\"--nthreads\",\"4\"")
        .contains("\"worker-1\"");
    Assertions.assertThat(description(cluster, "allocationDescription")).contains("ALLOCATE");
    Assertions.assertThat(TestSite.site().jobs()).hasSize(before);
  }

  @Test
  void aClusterThatDoesNotWaitForItsWorkersIsReadyBeforeThem() {
    ProcessInstance cluster =
        start(
            Map.of(
                "workers",
                1,
                "waitForStartup",
                false,
                "workerJob",
                "{\"Executable\": \"sleep 600 && true\"}"));
    awaitStatus(cluster, "RUNNING");

    assertThat(cluster).isWaitingAt("ClusterReady");
    await()
        .atMost(LIMIT)
        .until(() -> Integer.valueOf(0).equals(variable(cluster, "connectedWorkers")));
  }

  @Test
  void fewerWorkersThanAskedForAreEnoughWhenTheTimeIsOverIfThatIsAskedFor() {
    ProcessInstance cluster =
        start(
            Map.of(
                "workers",
                2,
                "minWorkers",
                1,
                "workerJob",
                "{\"Executable\": \"mkdir ../first || sleep 600; '%s' -m distributed.cli.dask_worker --host 127.0.0.1\"}"
                    .formatted(TestSite.python().toAbsolutePath())));
    awaitProgress(cluster, "1 of 2 workers connected");
    fire(cluster, "WorkersTimer");
    awaitStatus(cluster, "RUNNING");

    assertThat(cluster).hasPassed("WorkersTimer", "EnoughWorkers").isWaitingAt("ClusterReady");
    Assertions.assertThat(variable(cluster, "connectedWorkers")).isEqualTo(1);
  }

  @Test
  void aDashboardOnAnotherAddressUnderAPrefixAndWithTlsIsFoundThere(@TempDir Path directory)
      throws Exception {
    Path pem = directory.resolve("dashboard.pem");
    TestCertificate.LOOPBACK.write(pem);
    ObjectNode job = new ObjectMapper().createObjectNode();
    job.putArray("Arguments")
        .add("--dashboard-address")
        .add("127.0.0.2:0")
        .add("--dashboard-prefix")
        .add("/here");
    job.putArray("Environment")
        .add("PYTHONPATH=")
        .add("DASK_DISTRIBUTED__SCHEDULER__DASHBOARD__TLS__CERT=" + pem)
        .add("DASK_DISTRIBUTED__SCHEDULER__DASHBOARD__TLS__KEY=" + pem);
    ProcessInstance cluster =
        start(Map.of("workers", 1, "connectDashboard", true, "schedulerJob", job.toString()));
    awaitStatus(cluster, "RUNNING");

    URI dashboard = URI.create((String) variable(cluster, "dashboardUrl"));
    Assertions.assertThat(dashboard).hasScheme("https").hasHost("127.0.0.1");
    Assertions.assertThat(dashboard).hasPath("/here/status");
    HttpClient browser =
        HttpClient.newBuilder().sslContext(TestCertificate.LOOPBACK.trusting("TLS")).build();
    HttpResponse<String> page =
        browser.send(HttpRequest.newBuilder(dashboard).build(), BodyHandlers.ofString());
    Assertions.assertThat(page.statusCode()).isEqualTo(200);
    Assertions.assertThat(page.body()).contains("Dask");
    Assertions.assertThat(String.valueOf(variable(cluster, "clusterWarning")))
        .doesNotContain("dashboard");
  }

  @Test
  void whatIsSetInTheCommandLinesOfJobsStaysAsAShellReadsIt(@TempDir Path directory)
      throws Exception {
    int port = FreePort.any();
    Path local = directory.resolve("a worker's $1 größe");
    ObjectNode scheduler =
        new ObjectMapper()
            .createObjectNode()
            .put(
                "Executable",
                "true && '%s' -m distributed.cli.dask_scheduler --host 127.0.0.1"
                    .formatted(TestSite.python().toAbsolutePath()));
    scheduler.putArray("Arguments").add("--port $PORT").add("--no-dashboard");
    scheduler.putArray("Environment").add("PORT=" + port);
    ObjectNode worker = new ObjectMapper().createObjectNode();
    worker
        .putArray("Arguments")
        .add("--nthreads=3 --local-directory")
        .add("\"" + directory + "/a worker's \\$1 größe\"");
    ProcessInstance cluster =
        start(
            Map.of(
                "workers",
                1,
                "debug",
                true,
                "schedulerJob",
                scheduler.toString(),
                "workerJob",
                worker.toString()));
    awaitStatus(cluster, "RUNNING");

    Assertions.assertThat(local).isDirectory();
    LocalJob first =
        runningJobs(cluster).stream()
            .filter(job -> job.tags().stream().anyMatch(tag -> tag.endsWith("-scheduler")))
            .findAny()
            .orElseThrow();
    Assertions.assertThat(TestSite.file(first, "dask.json"))
        .contains("\"address\": \"tcp://127.0.0.1:%d\"".formatted(port));
  }

  @Test
  void theNumberOfConnectedWorkersStaysTrueWhileTheClusterRuns() {
    ProcessInstance cluster = start(Map.of("workers", 2));
    awaitStatus(cluster, "RUNNING");
    Assertions.assertThat(variable(cluster, "connectedWorkers")).isEqualTo(2);

    SpinJsonNode urls = (SpinJsonNode) variable(cluster, "workerJobUrls");
    TestSite.unicore().abort(URI.create(urls.elements().get(0).stringValue()));

    await()
        .atMost(LIMIT)
        .until(() -> Integer.valueOf(1).equals(variable(cluster, "connectedWorkers")));
    Assertions.assertThat(variable(cluster, "clusterStatus")).isEqualTo("RUNNING");
  }

  @Test
  void aSitesPythonAndTemplatesStartDaskLaunchedInAnAllocation() {
    ProcessInstance cluster =
        start(
            Map.of(
                "site", "modules", "workers", 1, "allocation", "{\"Resources\": {\"Nodes\": 2}}"));
    awaitStatus(cluster, "RUNNING");

    Assertions.assertThat(runningJobs(cluster))
        .filteredOn(job -> job.tags().contains("from-a-template"))
        .hasSize(1);
  }

  @Test
  @ExtendWith(OutputCaptureExtension.class)
  void debugLogsEachStepAndKeepsTheJobDescriptions(CapturedOutput output) {
    ProcessInstance cluster =
        start(
            Map.of("workers", 1, "debug", "true", "allocation", "{\"Resources\": {\"Nodes\": 2}}"));
    awaitStatus(cluster, "RUNNING");

    Assertions.assertThat(description(cluster, "allocationDescription"))
        .contains("ALLOCATE", cluster.getId() + "-allocation");
    Assertions.assertThat(description(cluster, "schedulerJobDescription"))
        .contains("dask-scheduler", cluster.getId() + "-scheduler");
    Assertions.assertThat(description(cluster, "workerJobDescription"))
        .contains("dask-worker", "/dask.json", cluster.getId() + "-worker-1");
    Assertions.assertThat(output.getOut().lines().filter(line -> line.contains(".debug")))
        .allMatch(
            line ->
                line.contains("%s (%s), dask".formatted(cluster.getId(), cluster.getBusinessKey())))
        .anyMatch(line -> line.contains((String) variable(cluster, "schedulerJobUrl")))
        .anyMatch(line -> line.contains("1 of 1 worker jobs submitted, new jobs"))
        .anyMatch(line -> line.contains("daskForwardPorts: done"));
  }

  @Test
  @ExtendWith(OutputCaptureExtension.class)
  void withoutDebugNothingIsKeptOrLogged(CapturedOutput output) {
    ProcessInstance cluster = start(Map.of());
    awaitStatus(cluster, "RUNNING");

    Assertions.assertThat(variable(cluster, "schedulerJobDescription")).isNull();
    Assertions.assertThat(output.getOut()).doesNotContain("unicoredask.debug");
  }

  private String description(ProcessInstance cluster, String name) {
    return variable(cluster, name).toString();
  }
}

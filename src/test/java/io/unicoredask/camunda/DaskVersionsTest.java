package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.unicoredask.DaskClient;
import io.unicoredask.DaskEnvironment;
import io.unicoredask.Listeners;
import io.unicoredask.TestSite;
import io.unicoredask.dask.ClusterCertificates;
import io.unicoredask.dask.TlsFile;
import io.unicoredask.localsite.LocalJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole life of a cluster of the oldest and the newest Dask, with that Dask's own client. */
class DaskVersionsTest extends ProcessTest {

  @TempDir private Path directory;

  /** How many numbers {@code hold.py} puts on the workers: 0 + 1 + … + 29. */
  private static final int SUM = 435;

  @ParameterizedTest
  @EnumSource
  void aPythonOfTheSiteStartsAClusterThatComputesAndScales(DaskEnvironment dask) throws Exception {
    ProcessInstance cluster =
        computing(
            dask,
            Map.of("site", dask.toString(), "connectDashboard", true, "localDashboardPort", 0),
            "{}");
    assertNobodyElseReaches(cluster);
    assertTheClientsDashboardIs(dask, cluster, (String) variable(cluster, "dashboardUrl"));
    String address = address(cluster);

    scale(cluster, 3);
    try (DaskClient client = new DaskClient(dask.python(), "/clients/hold.py", address, 3)) {
      String version = client.answer().path("version").asText();
      assertThat(version.equals("2022.12.0")).isEqualTo(dask == DaskEnvironment.OLDEST);

      scale(cluster, 1);
      assertThat(client.next().path("sum").asInt()).isEqualTo(SUM);
    }
    compute(dask, cluster, 1);

    int submitted = jobs(cluster).size();
    cancel(runningJobs(cluster).get(0));
    await().atMost(LIMIT).until(() -> jobs(cluster).size() == submitted + 1);
    awaitConnected(cluster, 1);
    cancel(runningJobs(cluster).get(1));
    awaitEnd(cluster);
    assertFailed(cluster, "DASK_SCHEDULER_LOST");
  }

  /** Though nothing in the jobs' descriptions says where Dask is to listen. */
  private void assertNobodyElseReaches(ProcessInstance cluster) throws IOException {
    for (LocalJob job : runningJobs(cluster)) {
      assertThat(Listeners.of(job.id())).as(job.id()).hasSizeGreaterThan(1);
      assertThat(Listeners.of(job.id())).as(job.id()).noneMatch(Listeners::isOpen);
    }
  }

  private void assertTheClientsDashboardIs(
      DaskEnvironment dask, ProcessInstance cluster, String url) throws IOException {
    try (DaskClient client = new DaskClient(dask.python(), "/clients/link.py", address(cluster))) {
      JsonNode seen = client.answer();
      assertThat(seen.path("link").asText()).isEqualTo(url);
      assertThat(seen.path("shown")).extracting(JsonNode::asText).containsExactly(url, url);
    }
  }

  /** As the batch system does: nothing is left that could tell of it. */
  private static void cancel(LocalJob job) {
    TestSite.site().cancel(job.id());
  }

  /** And know each other, and nobody else, by the certificates of their cluster. */
  @ParameterizedTest
  @EnumSource
  void applicationsOfTheSiteAreAClusterThatComputesAndScales(DaskEnvironment dask)
      throws Exception {
    String application = "{'ApplicationName': 'dask-%%s-%s', 'Arguments': ['--host', '127.0.0.1']}";
    ProcessInstance cluster =
        computing(dask, Map.of("security", "tls"), application.formatted(dask));
    assertThat(address(cluster)).startsWith("tls://127.0.0.1:");
    Path keys = TestSite.directory(schedulersJob(cluster));
    assertPrivate(keys);
    assertThat(refusal(dask, cluster, Map.of())).contains("TLS expects a `ssl_context`");
    // Its words depend on what the client sees first: the refusal, or the end of the connection.
    assertThat(refusal(dask, cluster, TlsFile.environment(others(keys) + "/"))).contains("Error");
    assertThat(refusal(dask, cluster, TlsFile.environment(keys + "/"))).isEqualTo("null");

    scale(cluster, 1);
    compute(dask, cluster, 1);
    scale(cluster, 2);
    compute(dask, cluster, 2);
    stops(cluster);
    TlsFile.secret().forEach(file -> assertThat(keys.resolve(file.fileName())).doesNotExist());
  }

  private LocalJob schedulersJob(ProcessInstance cluster) {
    List<LocalJob> all = jobs(cluster);
    return all.stream()
        .filter(job -> Files.exists(TestSite.directory(job).resolve(TlsFile.CA.fileName())))
        .findAny()
        .orElseThrow();
  }

  private static void assertPrivate(Path keys) throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys)))
        .isEqualTo("rwx------");
    for (TlsFile file : TlsFile.values()) {
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(keys.resolve(file.fileName()))))
          .isEqualTo("rw-------");
    }
  }

  /** Trusts the cluster, and is signed by somebody else who calls himself the same. */
  private Path others(Path keys) throws IOException {
    ClusterCertificates others =
        ClusterCertificates.of("another", Instant.now(), Duration.ofDays(1));
    Files.copy(
        keys.resolve(TlsFile.CA.fileName()),
        directory.resolve(TlsFile.CA.fileName()),
        StandardCopyOption.REPLACE_EXISTING);
    for (TlsFile file : TlsFile.secret().toList()) {
      Files.writeString(directory.resolve(file.fileName()), others.content(file));
    }
    return directory;
  }

  /** A cluster of two workers that has come up and computed. */
  private ProcessInstance computing(DaskEnvironment dask, Map<String, ?> where, String job)
      throws Exception {
    dask.require();
    Map<String, Object> variables = new HashMap<>(where);
    variables.put("workers", 2);
    variables.put("schedulerJob", job.formatted("scheduler").replace('\'', '"'));
    variables.put("workerJob", job.formatted("worker").replace('\'', '"'));
    ProcessInstance cluster = start(variables);
    awaitStatus(cluster, "RUNNING");
    assertThat(variable(cluster, "tunnelInUse")).isEqualTo("relay");
    compute(dask, cluster, 2);
    return cluster;
  }

  private void compute(DaskEnvironment dask, ProcessInstance cluster, int workers)
      throws Exception {
    String address = address(cluster);
    Map<String, String> environment =
        address.startsWith("tls:")
            ? TlsFile.environment(TestSite.directory(schedulersJob(cluster)) + "/")
            : Map.of();
    assertThat(DaskClient.compute(dask.python(), environment, address, workers).path("workers"))
        .hasSize(workers);
  }

  private String refusal(
      DaskEnvironment dask, ProcessInstance cluster, Map<String, String> environment)
      throws IOException {
    try (DaskClient client =
        new DaskClient(dask.python(), "/clients/refused.py", environment, address(cluster))) {
      return client.answer().path("refused").asText();
    }
  }

  private String address(ProcessInstance cluster) {
    return (String) variable(cluster, "schedulerAddress");
  }

  private void stops(ProcessInstance cluster) {
    send(cluster, "dask-cluster-teardown", Map.of());
    awaitEnd(cluster);
    assertStopped(cluster, "teardown");
  }

  private void scale(ProcessInstance cluster, int workers) {
    send(cluster, "dask-cluster-scale", Map.of("workers", workers));
    awaitConnected(cluster, workers);
    assertThat(variable(cluster, "scaleErrorMessage")).isNull();
  }

  private void awaitConnected(ProcessInstance cluster, int workers) {
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              BpmnAwareTests.assertThat(cluster).isWaitingAtExactly("Cluster", "ClusterReady");
              assertThat(runningJobs(cluster)).hasSize(1 + workers);
              assertThat(variable(cluster, "connectedWorkers")).isEqualTo(workers);
            });
  }
}

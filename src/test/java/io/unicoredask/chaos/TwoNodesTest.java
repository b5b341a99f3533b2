package io.unicoredask.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unicoredask.EngineProcess;
import io.unicoredask.FreePort;
import io.unicoredask.SchedulerPort;
import io.unicoredask.TestDatabase;
import io.unicoredask.localsite.LocalJob;
import io.unicoredask.localsite.LocalSite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/** Two nodes of an engine on one database: when one dies or stops, the other takes over. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag(TestDatabase.TAG)
class TwoNodesTest {

  private static final Logger LOG = LoggerFactory.getLogger(TwoNodesTest.class);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int CLUSTERS = 3;

  private final Path home = Path.of("target", "two-nodes").toAbsolutePath();
  private TestDatabase database;
  private LocalSite site;
  private EngineProcess one;
  private EngineProcess other;

  @BeforeAll
  void start() throws IOException {
    FileSystemUtils.deleteRecursively(home);
    Files.createDirectories(home);
    database = TestDatabase.ofSeveralNodes();
    site = LightSite.start();
    one = node();
    other = node();
  }

  /** One may be left dead by the test before; the first makes the tables. */
  @BeforeEach
  void haveBothLive() throws IOException {
    for (EngineProcess node : List.of(one, other)) {
      if (!node.isAlive()) {
        node.start();
      }
    }
  }

  private EngineProcess node() throws IOException {
    return new EngineProcess(
        EngineProgram.command(home), home, FreePort.any(), LightSite.configuration(site, database));
  }

  @AfterAll
  void stop() throws IOException {
    one.close();
    other.close();
    site.close();
    database.close();
  }

  @Test
  void theOtherNodeTakesOverWhatTheDeadOneLookedAfter() throws Exception {
    List<String> clusters = startClusters(CLUSTERS);
    List<Integer> ports = ports(clusters);
    EngineProcess dead = EngineProcess.onDuty(one, other);
    EngineProcess living = dead == one ? other : one;

    dead.kill();
    Instant died = Instant.now();
    assertThat(ports).noneMatch(SchedulerPort::greets);
    await().atMost(PATIENCE).until(() -> ports.stream().allMatch(SchedulerPort::greets));
    LOG.info(
        "{} clusters were taken over {} ms after their node had been killed",
        CLUSTERS,
        Duration.between(died, Instant.now()).toMillis());

    for (int i = 0; i < CLUSTERS; i++) {
      living.post(
          "/message",
          Map.of(
              "messageName",
              "dask-cluster-scale",
              "businessKey",
              "cluster-" + i,
              "processVariables",
              Map.of("workers", Map.of("value", 2))));
    }
    await().atMost(PATIENCE).until(() -> running().size() == 3 * CLUSTERS);
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              for (String cluster : clusters) {
                if (!"2".equals(living.variable(cluster, "connectedWorkers"))) {
                  return false;
                }
              }
              return true;
            });
    assertThat(running()).as("no job twice").hasSize(3 * CLUSTERS);
    tearDown(living, clusters);
  }

  @Test
  void aRollingRestartIsNoMoreThanAReconnect() throws Exception {
    List<String> clusters = startClusters(2);
    List<Integer> ports = ports(clusters);
    List<LocalJob> jobs = running();
    EngineProcess first = EngineProcess.onDuty(one, other);
    EngineProcess second = first == one ? other : one;

    handOver(first, ports);
    first.start();
    handOver(second, ports);

    assertThat(all(first, clusters, "RUNNING")).isTrue();
    assertThat(running()).as("jobs that were ended or doubled").isEqualTo(jobs);
    tearDown(first, clusters);
  }

  private static void handOver(EngineProcess from, List<Integer> ports)
      throws InterruptedException {
    from.terminate();
    Instant ended = Instant.now();
    await().atMost(PATIENCE).until(() -> ports.stream().allMatch(SchedulerPort::greets));
    LOG.info(
        "The clusters were handed over {} ms after their node had ended",
        Duration.between(ended, Instant.now()).toMillis());
  }

  private List<String> startClusters(int number) throws IOException {
    List<String> clusters = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      clusters.add(
          (i % 2 == 0 ? one : other)
              .post(
                  "/process-definition/key/dask-cluster/start",
                  Map.of("businessKey", "cluster-" + i, "variables", LightSite.request(1)))
              .get("id")
              .asText());
    }
    await().atMost(PATIENCE).ignoreExceptions().until(() -> all(one, clusters, "RUNNING"));
    return clusters;
  }

  private List<Integer> ports(List<String> clusters) throws IOException {
    List<Integer> ports = new ArrayList<>();
    for (String cluster : clusters) {
      ports.add(SchedulerPort.of(one.variable(cluster, "schedulerAddress")));
    }
    assertThat(ports).allMatch(SchedulerPort::greets);
    return ports;
  }

  private void tearDown(EngineProcess node, List<String> clusters) throws IOException {
    for (int i = 0; i < clusters.size(); i++) {
      node.post(
          "/message",
          Map.of("messageName", "dask-cluster-teardown", "businessKey", "cluster-" + i));
    }
    await().atMost(PATIENCE).ignoreExceptions().until(() -> all(node, clusters, "STOPPED"));
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(running()).isEmpty());
  }

  private List<LocalJob> running() {
    return site.jobs().stream().filter(LocalJob::running).toList();
  }

  private static boolean all(EngineProcess node, List<String> clusters, String status)
      throws IOException {
    for (String cluster : clusters) {
      if (!status.equals(node.variable(cluster, "clusterStatus"))) {
        return false;
      }
    }
    return true;
  }
}

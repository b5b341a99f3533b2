package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.unicoredask.DaskClient;
import io.unicoredask.DaskEnvironment;
import io.unicoredask.SchedulerPort;
import io.unicoredask.TestSite;
import io.unicoredask.unicore.UnicoreSite;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.spin.plugin.variable.value.JsonValue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** All clients of a cluster share one forwarded connection, if a relay is asked for. */
@Tag(DaskEnvironment.TAG)
class RelayedClusterTest extends ProcessTest {

  @Autowired DaskRuntime runtime;

  @Test
  void aClusterComputesAndScalesThroughItsRelayAndLeavesNothingBehind() throws Exception {
    ProcessInstance cluster =
        start(Map.of("workers", 2, "tunnel", "relay", "connectDashboard", true));
    awaitStatus(cluster, "RUNNING");
    assertThat(variable(cluster, "tunnelInUse")).isEqualTo("relay");

    DaskClient.compute(TestSite.python(), (String) variable(cluster, "schedulerAddress"), 2);
    send(cluster, "dask-cluster-scale", Map.of("workers", 1));
    await()
        .atMost(LIMIT)
        .until(() -> Integer.valueOf(1).equals(variable(cluster, "connectedWorkers")));

    send(cluster, "dask-cluster-teardown", Map.of());
    awaitEnd(cluster);
    assertStopped(cluster, "teardown");
  }

  @Test
  void theSecretIsInNoVariable() throws IOException {
    ProcessInstance cluster = start(Map.of("tunnel", "relay", "debug", true));
    awaitStatus(cluster, "RUNNING");
    URI job = URI.create((String) variable(cluster, "schedulerJobUrl"));
    String secret =
        new String(
                TestSite.unicore()
                    .file(TestSite.unicore().job(job).workingDirectory(), "relay.key")
                    .orElseThrow(),
                StandardCharsets.UTF_8)
            .strip();

    assertThat(secret).hasSize(64);
    assertThat(
            historyService
                .createHistoricVariableInstanceQuery()
                .processInstanceId(cluster.getId())
                .disableCustomObjectDeserialization()
                .list())
        .isNotEmpty()
        .allSatisfy(
            variable ->
                assertThat(
                        variable.getTypedValue() instanceof JsonValue json
                            ? json.getValueSerialized()
                            : String.valueOf(variable.getValue()))
                    .doesNotContain(secret));
  }

  @Test
  void afterARestartTheRelayIsReachedAgainAtTheSameLocalPort() {
    ProcessInstance cluster = start(Map.of("workers", 1, "tunnel", "auto"));
    awaitStatus(cluster, "RUNNING");
    assertThat(variable(cluster, "tunnelInUse")).isEqualTo("relay");
    int port = URI.create((String) variable(cluster, "schedulerAddress")).getPort();
    runtime.close();
    try {
      assertThat(SchedulerPort.greets(port)).isFalse();
    } finally {
      runtime.start();
    }
    await().atMost(LIMIT).until(() -> SchedulerPort.greets(port));
  }

  @Test
  void theRelayIsThereInAnAllocationAndBesideAPrecommandToo() {
    ProcessInstance cluster =
        start(
            Map.of(
                "allocation",
                "{\"Resources\": {\"Nodes\": 1}}",
                "schedulerJob",
                "{\"User precommand\": \"true\", \"Imports\": []}"));
    awaitStatus(cluster, "RUNNING");
    assertThat(variable(cluster, "tunnelInUse")).isEqualTo("relay");
  }

  @Test
  void aRelayThatIsKilledIsThereAgainSoon() throws IOException {
    ProcessInstance cluster = start(Map.of("workers", 1, "tunnel", "relay"));
    awaitStatus(cluster, "RUNNING");
    int port = URI.create((String) variable(cluster, "schedulerAddress")).getPort();
    ProcessHandle relay = relay(cluster);

    relay.destroyForcibly();

    await().atMost(LIMIT).until(() -> !relay.isAlive() && SchedulerPort.greets(port));
    assertThat(variable(cluster, "tunnelInUse")).isEqualTo("relay");
  }

  @Test
  void aClusterWhoseRelayIsGoneForGoodIsReachedDirectlyOnTheSamePort() throws IOException {
    ProcessInstance cluster = start(Map.of("workers", 1));
    awaitStatus(cluster, "RUNNING");
    int port = URI.create((String) variable(cluster, "schedulerAddress")).getPort();
    Files.delete(directory(cluster).resolve("relay.key"));

    relay(cluster).destroyForcibly();

    await().atMost(LIMIT).until(() -> "direct".equals(variable(cluster, "tunnelInUse")));
    await().atMost(LIMIT).until(() -> SchedulerPort.greets(port));
    assertThat((String) variable(cluster, "clusterWarning"))
        .contains("tunnel: direct", "no relay could be used", "relay.log");
    assertThat(variable(cluster, "clusterStatus")).isEqualTo("RUNNING");
  }

  @Test
  void aRelayThatDoesNotComeUpIsDoneWithoutAfterAWhile() {
    String withoutSecret =
        "sh -c 'rm relay.key; exec \"%s\" -m distributed.cli.dask_scheduler \"$@\"' scheduler"
            .formatted(TestSite.python().toAbsolutePath());
    ProcessInstance cluster =
        start(
            Map.of(
                "workers",
                1,
                "tunnel",
                "auto",
                "schedulerJob",
                new ObjectMapper().createObjectNode().put("Executable", withoutSecret).toString()));
    awaitStatus(cluster, "RUNNING");
    assertThat(variable(cluster, "tunnelInUse")).isEqualTo("direct");
    assertThat((String) variable(cluster, "clusterWarning"))
        .contains("tunnel: direct", "no relay", "relay.log");
  }

  private ProcessHandle relay(ProcessInstance cluster) throws IOException {
    byte[] file = Files.readAllBytes(directory(cluster).resolve("relay.json"));
    return ProcessHandle.of(new ObjectMapper().readTree(file).path("pid").asLong()).orElseThrow();
  }

  private Path directory(ProcessInstance cluster) {
    URI job = URI.create((String) variable(cluster, "schedulerJobUrl"));
    UnicoreSite site = TestSite.unicore();
    return Path.of(site.storage(site.job(job).workingDirectory()).mountPoint());
  }
}

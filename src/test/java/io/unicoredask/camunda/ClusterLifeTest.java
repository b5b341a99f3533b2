package io.unicoredask.camunda;

import static org.awaitility.Awaitility.await;
import static org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.unicoredask.DaskClient;
import io.unicoredask.TestDatabase;
import io.unicoredask.TestSite;
import io.unicoredask.localsite.Disturbance;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.camunda.bpm.engine.MismatchingMessageCorrelationException;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.spin.json.SpinJsonNode;
import org.camunda.spin.plugin.variable.SpinValues;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A cluster that comes up, lives and ends as it was asked to. */
@Tag(TestDatabase.TAG)
class ClusterLifeTest extends ProcessTest {

  @Test
  void aClusterComesUpAndIsTornDown() {
    ProcessInstance cluster = start(Map.of("workers", 2, "connectDashboard", true));
    awaitStatus(cluster, "RUNNING");

    assertThat(cluster)
        .isWaitingAtExactly("Cluster", "ClusterReady")
        .hasPassed("CheckRequest", "StartScheduler", "AwaitScheduler", "ForwardPorts")
        .hasPassed("ScaleWorkers")
        .hasNotPassed("Allocate");
    Assertions.assertThat(runningJobs(cluster)).hasSize(3);
    Assertions.assertThat(text(cluster, "schedulerAddress")).matches("tcp://127.0.0.1:\\d+");
    Assertions.assertThat(text(cluster, "dashboardUrl")).matches("http://127.0.0.1:\\d+/status");
    Assertions.assertThat(((SpinJsonNode) variable(cluster, "workerJobUrls")).elements())
        .hasSize(2);
    Assertions.assertThat(variable(cluster, "clusterProgress")).isNull();
    int port = localPort(cluster);
    Assertions.assertThat(isOpen(port)).isTrue();

    send(cluster, "dask-cluster-teardown", Map.of());
    awaitEnd(cluster);

    assertStopped(cluster, "teardown");
    Assertions.assertThat(variable(cluster, "errorCode")).isNull();
    Assertions.assertThat(isOpen(port)).isFalse();
    assertNothingIsSaidOfWhatIsOver(cluster);
  }

  private void assertNothingIsSaidOfWhatIsOver(ProcessInstance cluster) {
    Assertions.assertThat(variable(cluster, "connectedWorkers")).isEqualTo(0);
    for (String jobs : List.of("workerJobStatus", "workerJobs")) {
      Assertions.assertThat(variable(cluster, jobs)).hasToString("{}");
    }
    for (String gone :
        List.of(
            "schedulerAddress",
            "dashboardUrl",
            "clusterProgress",
            "expectedStart",
            "schedulerEndsAt")) {
      Assertions.assertThat(variable(cluster, gone)).as(gone).isNull();
    }
  }

  @Test
  void aReadyClusterIsScaledUpAndDownByMessages() {
    ProcessInstance cluster = start(Map.of("workers", 1));
    awaitStatus(cluster, "RUNNING");

    send(cluster, "dask-cluster-scale", Map.of("workers", 3));
    awaitWorkerJobs(cluster, 3);
    Assertions.assertThat(text(cluster, "clusterSize")).isEqualTo("3 workers");

    send(cluster, "dask-cluster-scale", Map.of("jobs", 1));
    awaitWorkerJobs(cluster, 1);
    Assertions.assertThat(text(cluster, "clusterSize")).isEqualTo("1 job");
    Assertions.assertThat(runtimeService.getVariable(cluster.getId(), "workers")).isNull();

    send(cluster, "dask-cluster-scale", Map.of("workers", 0));
    awaitWorkerJobs(cluster, 0);
    Assertions.assertThat(text(cluster, "clusterStatus")).isEqualTo("RUNNING");
  }

  @Test
  void workersAreSpreadOverJobsOfSeveralProcesses() {
    ProcessInstance cluster =
        start(Map.of("workers", 3, "processes", 2, "threads", 1, "workerJob", TestSite.WITH_NANNY));
    awaitStatus(cluster, "RUNNING");

    Assertions.assertThat(runningJobs(cluster)).hasSize(3);
    assertThat(cluster).isWaitingAt("ClusterReady");
  }

  @Test
  void aScaleMessageThatComesDuringTheStartIsNotLostAndTheLastOneWins() {
    ProcessInstance cluster = start(Map.of("workers", 1));
    send(cluster, "dask-cluster-scale", Map.of("workers", 4));
    send(cluster, "dask-cluster-scale", Map.of("jobs", 2));
    awaitStatus(cluster, "RUNNING");

    awaitWorkerJobs(cluster, 2);
  }

  @Test
  void messagesThatComeAtOnceAreAllTaken() {
    ProcessInstance cluster = start(Map.of("queue", "full"));

    IntStream.rangeClosed(1, 20)
        .parallel()
        .forEach(size -> send(cluster, "dask-cluster-scale", Map.of("workers", size)));

    assertThat(cluster).isNotEnded();
    Assertions.assertThat(
            historyService
                .createHistoricActivityInstanceQuery()
                .processInstanceId(cluster.getId())
                .activityId("ScaleWanted")
                .count())
        .isEqualTo(20);
  }

  @Test
  void messagesToAClusterThatIsStoppingAreRefusedAndItStops() {
    ProcessInstance cluster = start(Map.of());
    awaitStatus(cluster, "RUNNING");
    TestSite.site().disturb(() -> Disturbance.UNAVAILABLE);
    try {
      send(cluster, "dask-cluster-teardown", Map.of());
      for (String message : List.of("dask-cluster-teardown", "dask-cluster-scale")) {
        Assertions.assertThatThrownBy(() -> send(cluster, message, Map.of()))
            .isInstanceOf(MismatchingMessageCorrelationException.class)
            .hasMessageContaining(message)
            .hasMessageContaining(cluster.getId())
            .hasMessageContaining("is being torn down (endedBy = teardown)");
      }
    } finally {
      TestSite.site().disturb(() -> Disturbance.NONE);
    }
    awaitEnd(cluster);
    Assertions.assertThat(variable(cluster, "clusterStatus")).isEqualTo("STOPPED");
  }

  @Test
  void aClusterIsTornDownWhileItsSchedulerIsStillQueued() {
    ProcessInstance cluster = start(Map.of("queue", "full"));
    await().atMost(LIMIT).until(() -> !jobs(cluster).isEmpty());
    Assertions.assertThat(text(cluster, "clusterStatus")).isEqualTo("PENDING");

    send(cluster, "dask-cluster-teardown", Map.of());
    awaitEnd(cluster);

    assertStopped(cluster, "teardown");
  }

  @Test
  void aClusterEndsWithItsLifetime() {
    ProcessInstance cluster = start(Map.of("lifetime", "PT1S"));
    awaitEnd(cluster);

    assertStopped(cluster, "lifetime");
    assertThat(cluster).hasPassed("LifetimeTimer");
    Assertions.assertThat(text(cluster, "clusterStatus")).isEqualTo("STOPPED");
  }

  @Test
  void aSchedulerThatEndsByItselfEndsTheCluster() throws IOException {
    ProcessInstance cluster = start(Map.of());
    awaitStatus(cluster, "RUNNING");

    try (DaskClient client =
        new DaskClient(
            TestSite.python(), "/clients/shutdown.py", text(cluster, "schedulerAddress"))) {
      awaitEnd(cluster);
    }

    assertStopped(cluster, "scheduler");
  }

  @Test
  void jobsRunInAnAllocationThatEndsWithTheCluster() {
    ProcessInstance cluster =
        start(Map.of("workers", 1, "allocation", "{\"Resources\": {\"Nodes\": 2}}"));
    awaitStatus(cluster, "RUNNING");
    URI allocation = URI.create(text(cluster, "allocationUrl"));
    URI scheduler = URI.create(text(cluster, "schedulerJobUrl"));

    assertThat(cluster).hasPassed("Allocate");
    Assertions.assertThat(TestSite.unicore().job(allocation).isUsableAllocation()).isTrue();
    Assertions.assertThat(TestSite.unicore().job(scheduler).jobType()).isEqualTo("ON_LOGIN_NODE");

    send(cluster, "dask-cluster-teardown", Map.of());
    awaitEnd(cluster);

    assertStopped(cluster, "teardown");
    Assertions.assertThat(TestSite.unicore().job(allocation).status().isFinished()).isTrue();
  }

  @Test
  void somebodyElsesAllocationIsUsedAndLeftAlone() {
    URI allocation =
        TestSite.unicore()
            .resolve(
                TestSite.unicore()
                    .submit(new ObjectMapper().createObjectNode().put("Job type", "ALLOCATE")));
    try {
      ProcessInstance cluster = start(Map.of("workers", 1, "allocation", allocation.toString()));
      awaitStatus(cluster, "RUNNING");

      send(cluster, "dask-cluster-teardown", Map.of());
      awaitEnd(cluster);

      assertStopped(cluster, "teardown");
      Assertions.assertThat(TestSite.unicore().job(allocation).isUsableAllocation()).isTrue();
    } finally {
      TestSite.unicore().abort(allocation);
    }
  }

  @Test
  void jobDescriptionsMayBeJsonVariables() {
    ProcessInstance cluster =
        start(
            Map.of(
                "workers",
                1,
                "workerJob",
                SpinValues.jsonValue("{\"Name\": \"my worker\", \"Tags\": [\"mine\"]}").create()));
    awaitStatus(cluster, "RUNNING");

    Assertions.assertThat(TestSite.jobs("mine"))
        .hasSize(1)
        .allMatch(job -> runningJobs(cluster).contains(job));
  }

  @Test
  void twoClustersLiveSideBySide() {
    ProcessInstance one = start(Map.of("workers", 1));
    ProcessInstance other = start(Map.of("workers", 1));
    awaitStatus(one, "RUNNING");
    awaitStatus(other, "RUNNING");

    Assertions.assertThat(localPort(one)).isNotEqualTo(localPort(other));
    send(one, "dask-cluster-teardown", Map.of());
    awaitEnd(one);

    Assertions.assertThat(runningJobs(other)).hasSize(2);
    Assertions.assertThat(isOpen(localPort(other))).isTrue();
  }

  private void awaitWorkerJobs(ProcessInstance cluster, int count) {
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              assertThat(cluster).isWaitingAtExactly("Cluster", "ClusterReady");
              Assertions.assertThat(runningJobs(cluster)).hasSize(1 + count);
            });
  }

  private String text(ProcessInstance cluster, String variable) {
    return (String) variable(cluster, variable);
  }

  private int localPort(ProcessInstance cluster) {
    return URI.create(text(cluster, "schedulerAddress")).getPort();
  }

  private static boolean isOpen(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}

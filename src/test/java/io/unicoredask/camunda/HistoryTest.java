package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unicoredask.TestDatabase;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.camunda.bpm.engine.BadUserRequestException;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What clusters leave in the engine's database, and what two of them cannot have. */
@Tag(TestDatabase.TAG)
class HistoryTest extends ProcessTest {

  @Autowired DaskRuntime runtime;

  @Test
  void ofWhatChangesAllTheTimeTheHistoryKeepsTheLastValueOnly() {
    ProcessInstance cluster = start(Map.of("workers", 2));
    awaitStatus(cluster, "RUNNING");

    assertThat(variable(cluster, "connectedWorkers")).isEqualTo(2);
    assertThat(updates(cluster))
        .contains("clusterStatus")
        .doesNotContain("clusterProgress", "connectedWorkers", "workerJobUrls", "workerJobStatus");
  }

  @Test
  void whenItIsOverItsNumberOfWorkersIsTrueAndItsRecordIsGone() {
    ProcessInstance cluster = start(Map.of("workers", 1));
    awaitStatus(cluster, "RUNNING");
    send(cluster, "dask-cluster-teardown", Map.of());
    awaitEnd(cluster);

    assertThat(variable(cluster, "connectedWorkers")).isEqualTo(0);
    assertThat(variable(cluster, "workerJobStatus")).hasToString("{}");
    assertThat(variable(cluster, "schedulerAddress")).isNull();
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(runtime.tables().ofInstance(cluster.getId()))
                    .as("its record")
                    .isEmpty());
  }

  @Test
  void twoThatStartAtTheSameMomentDoNotGetTheSamePort() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      Callable<Boolean> starting =
          () -> {
            try {
              start(Map.of("queue", "full", "localPort", 24322));
              return true;
            } catch (BadUserRequestException e) {
              assertThat(e).hasMessageContaining("localPort = 24322");
              return false;
            }
          };
      long started = 0;
      for (var one : threads.invokeAll(Collections.nCopies(8, starting))) {
        started += one.get() ? 1 : 0;
      }
      assertThat(started).isEqualTo(1);
    } finally {
      threads.shutdownNow();
    }
  }
}

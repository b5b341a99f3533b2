package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unicoredask.DaskClient;
import io.unicoredask.TestSite;
import java.util.Map;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.junit.jupiter.api.Test;

/** Worker jobs whose time is short make place for others under a client that never notices. */
class RenewalTest extends ProcessTest {

  /** How many numbers {@code hold.py} puts on the workers: 0 + 1 + … + 29. */
  private static final int SUM = 435;

  private static final int RENEWALS = 2;

  @Test
  void noResultIsLostHoweverOftenTheTimeOfItsWorkersIsOver() throws Exception {
    ProcessInstance cluster =
        start(Map.of("workers", 2, "workerJob", "{\"Resources\": {\"Runtime\": \"2m\"}}"));
    awaitStatus(cluster, "RUNNING");

    try (DaskClient client =
        new DaskClient(
            TestSite.python(),
            "/clients/hold.py",
            (String) variable(cluster, "schedulerAddress"),
            2)) {
      client.answer();
      for (int renewal = 1; renewal <= RENEWALS; renewal++) {
        int submitted = 1 + 2 * (renewal + 1);
        await()
            .atMost(LIMIT)
            .untilAsserted(
                () -> {
                  assertThat(jobs(cluster)).hasSizeGreaterThanOrEqualTo(submitted);
                  assertThat(runningJobs(cluster)).hasSize(3);
                });
        assertThat(client.next().path("sum").asInt()).isEqualTo(SUM);
      }
    }
    assertThat(variable(cluster, "scaleErrorMessage")).isNull();
    assertThat(variable(cluster, "clusterStatus")).isEqualTo("RUNNING");
  }
}

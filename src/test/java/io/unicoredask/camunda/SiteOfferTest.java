package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A queue or an application that the site does not have ends a cluster before it costs anything.
 */
class SiteOfferTest extends ProcessTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "queue        | bacth | queue = bacth",
        "schedulerJob | {\"Resources\": {\"Queue\": \"bacth\"}} | schedulerJob, Resources.Queue = bacth",
        "workerJob    | {\"ApplicationName\": \"dask-wroker\"} | workerJob, ApplicationName = dask-wroker",
        "allocation   | {\"Resources\": {\"Queue\": \"bacth\"}} | allocation, Resources.Queue = bacth"
      })
  void whatTheSiteDoesNotHaveIsRefusedBeforeAnythingIsSubmitted(
      String variable, String value, String named) {
    ProcessInstance cluster = start(Map.of("workers", 1, variable, value));
    awaitEnd(cluster);

    assertFailed(cluster, "DASK_INVALID_REQUEST");
    assertThat((String) variable(cluster, "errorMessage")).startsWith(named + " is not allowed");
    assertThat(jobs(cluster)).isEmpty();
  }

  @Test
  void workersTheSiteDoesNotHaveLeaveTheClusterRunningAsItWas() {
    ProcessInstance cluster = start(Map.of("workers", 0));
    awaitStatus(cluster, "RUNNING");

    send(cluster, "dask-cluster-scale", Map.of("workers", 1, "queue", "bacth"));
    await().atMost(LIMIT).until(() -> variable(cluster, "scaleErrorCode") != null);

    assertThat(variable(cluster, "scaleErrorCode")).isEqualTo("DASK_INVALID_REQUEST");
    assertThat((String) variable(cluster, "scaleErrorMessage"))
        .isEqualTo(
            "queue = bacth is not allowed; allowed are the queues of site 'local', [batch, full, small]");
    assertThat(variable(cluster, "clusterStatus")).isEqualTo("RUNNING");
    assertThat(jobs(cluster)).hasSize(1);
  }
}

package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.TestSite;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.util.Map;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.engine.test.assertions.bpmn.BpmnAwareTests;
import org.junit.jupiter.api.Test;

/** An allocation that cannot be used, or is too small, or ends before the cluster does. */
class AllocationsTest extends ProcessTest {

  @Test
  void anAllocationThatEndsTakesTheReadyClusterInItWithIt() {
    ProcessInstance cluster =
        start(Map.of("workers", 1, "allocation", "{\"Resources\": {\"Nodes\": 2}}"));
    awaitStatus(cluster, "RUNNING");

    TestSite.unicore().abort(URI.create((String) variable(cluster, "allocationUrl")));
    awaitEnd(cluster);

    assertFailed(cluster, "DASK_ALLOCATION_FAILED");
    assertThat((String) variable(cluster, "errorMessage"))
        .contains("allocation job")
        .endsWith("was cancelled at the site, by a user or an operator (CANCELLED)");
  }

  @Test
  void anAllocationOfSomebodyElseIsRefused() {
    URI allocation = TestSite.somebodyElses().resolve(allocate(TestSite.somebodyElses()));
    try {
      ProcessInstance cluster = start(Map.of("allocation", allocation.toString()));
      awaitEnd(cluster);

      assertFailed(cluster, "DASK_INVALID_REQUEST");
      assertThat((String) variable(cluster, "errorMessage"))
          .contains("allocation = " + allocation)
          .contains("belongs to somebody else")
          .contains("user " + TestSite.unicore().info().uid());
    } finally {
      TestSite.somebodyElses().abort(allocation);
    }
  }

  @Test
  void anAllocationThatIsOverIsRefused() {
    URI allocation = TestSite.unicore().resolve(allocate(TestSite.unicore()));
    TestSite.unicore().abort(allocation);
    await().atMost(LIMIT).until(() -> TestSite.unicore().job(allocation).status().isFinished());

    ProcessInstance cluster = start(Map.of("allocation", allocation.toString()));
    awaitEnd(cluster);

    assertFailed(cluster, "DASK_ALLOCATION_FAILED");
    assertThat((String) variable(cluster, "errorMessage"))
        .contains(allocation + " ended as FAILED");
  }

  @Test
  void anAllocationTheSiteDoesNotKnowIsRefused() {
    String allocation = TestSite.site().baseUrl() + "/jobs/no-such";
    ProcessInstance cluster = start(Map.of("allocation", allocation));
    awaitEnd(cluster);

    assertFailed(cluster, "DASK_ALLOCATION_FAILED");
    assertThat((String) variable(cluster, "errorMessage")).contains(allocation + " is gone");
  }

  @Test
  void anAllocationThatEndsUnderASchedulerThatIsComingUpIsTheReason() {
    ProcessInstance cluster =
        start(
            Map.of(
                "allocation",
                "{\"Resources\": {\"Nodes\": 1}}",
                "schedulerJob",
                "{\"Executable\": \"sleep 600 && true\"}"));
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                BpmnAwareTests.assertThat(cluster).isWaitingAtExactly("Cluster", "AwaitScheduler"));

    TestSite.unicore().abort(URI.create((String) variable(cluster, "allocationUrl")));

    awaitEnd(cluster);
    assertFailed(cluster, "DASK_ALLOCATION_FAILED");
  }

  @Test
  void aJobThatIsNoAllocationIsRefused() {
    ObjectNode job = new ObjectMapper().createObjectNode().put("Executable", "sleep 600");
    URI url = TestSite.unicore().resolve(TestSite.unicore().submit(job));
    try {
      ProcessInstance cluster = start(Map.of("allocation", url.toString()));
      awaitEnd(cluster);

      assertFailed(cluster, "DASK_INVALID_REQUEST");
      assertThat((String) variable(cluster, "errorMessage"))
          .contains("allocation = " + url)
          .contains("allowed is a job of type ALLOCATE");
    } finally {
      TestSite.unicore().abort(url);
    }
  }

  @Test
  void moreJobsThanTheAllocationHasNodesAreRefusedInAScaleMessageToo() {
    assertThatExceptionOfType(ProcessEngineException.class)
        .isThrownBy(
            () -> start(Map.of("workers", 2, "allocation", "{\"Resources\": {\"Nodes\": 2}}")))
        .withMessageContaining("3 jobs in an allocation of 2 nodes");

    ProcessInstance cluster =
        start(
            Map.of(
                "workers",
                1,
                "queue",
                "full",
                "allocation",
                "{\"Resources\": {\"Nodes\": \"2\"}}"));
    assertThatExceptionOfType(ProcessEngineException.class)
        .isThrownBy(() -> send(cluster, "dask-cluster-scale", Map.of("workers", 2)))
        .withMessageContaining("3 jobs in an allocation of 2 nodes");
    assertThat(variable(cluster, "clusterSize")).isEqualTo("1 worker");
  }

  private static URI allocate(UnicoreSite site) {
    return site.submit(new ObjectMapper().createObjectNode().put("Job type", "ALLOCATE"));
  }
}

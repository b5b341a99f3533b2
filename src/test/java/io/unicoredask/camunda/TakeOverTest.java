package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.Map;
import org.camunda.bpm.engine.BadUserRequestException;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.spin.plugin.variable.SpinValues;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody writes into variables reaches no cluster, port or job of anybody else. */
class TakeOverTest extends ProcessTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cluster",
        "daskWaiting",
        "daskTeardown",
        "daskCheckRequest",
        "daskSites",
        "schedulerAddress",
        "dashboardUrl",
        "clusterStatus",
        "workerJobUrls",
        "endedBy"
      })
  void aStartThatBringsANameOfOursIsRefusedWithTheName(String name) {
    assertThatThrownBy(() -> start(Map.of(name, "{}")))
        .isInstanceOf(BadUserRequestException.class)
        .hasMessageContaining("DASK_INVALID_REQUEST")
        .hasMessageContaining(name);
    assertThat(runtimeService.createProcessInstanceQuery().count()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dask-cluster-scale", "dask-cluster-logs", "dask-cluster-teardown"})
  void aMessageThatBringsANameOfOursIsRefusedWithTheNameAndChangesNothing(String message) {
    ProcessInstance cluster = start(Map.of("queue", "full"));
    await().atMost(LIMIT).until(() -> variable(cluster, "schedulerJobUrl") != null);
    Object job = variable(cluster, "schedulerJobUrl");

    for (String name : new String[] {"daskTeardown", "cluster", "schedulerJobUrl"}) {
      assertThatThrownBy(() -> send(cluster, message, Map.of(name, "mine")))
          .isInstanceOf(BadUserRequestException.class)
          .hasMessageContaining(name);
    }

    assertThat(variable(cluster, "schedulerJobUrl")).isEqualTo(job);
    assertThat(variable(cluster, "daskTeardown")).isNull();
    assertThat(variable(cluster, "clusterStatus")).isEqualTo("PENDING");
    send(cluster, "dask-cluster-teardown", Map.of("mine", 1));
    awaitEnd(cluster);
    assertStopped(cluster, "teardown");
  }

  @Test
  void whatIsWrittenIntoAnInstanceLaterReachesNoOtherCluster() {
    ProcessInstance alices = start(Map.of("workers", 1));
    awaitStatus(alices, "RUNNING");
    ProcessInstance bobs = start(Map.of("queue", "full"));
    await().atMost(LIMIT).until(() -> variable(bobs, "schedulerJobUrl") != null);

    String clusterOfAlice =
        "{\"id\": \"%s\", \"site\": \"local\"}"
            .formatted(jobs(alices).get(0).tags().get(2).substring("dask-cluster-".length()));
    runtimeService.setVariable(
        bobs.getId(), "cluster", SpinValues.jsonValue(clusterOfAlice).create());
    for (String name : new String[] {"schedulerJobUrl", "schedulerAddress", "workerJobUrls"}) {
      runtimeService.setVariable(bobs.getId(), name, variable(alices, name));
    }
    runtimeService.setVariable(bobs.getId(), "daskTeardown", "hides nothing");
    runtimeService.setVariable(
        bobs.getId(), "localPort", runtimeService.getVariable(alices.getId(), "localPort"));

    send(bobs, "dask-cluster-teardown", Map.of());
    awaitEnd(bobs);
    assertThat(variable(bobs, "clusterStatus")).isEqualTo("STOPPED");
    assertThat(runningJobs(alices)).hasSize(2);
    assertThat(variable(alices, "clusterStatus")).isEqualTo("RUNNING");
  }

  @Test
  void aTeardownThatSomebodyStartsHasNoCluster() {
    ProcessInstance alices = start(Map.of());
    awaitStatus(alices, "RUNNING");
    String id = jobs(alices).get(0).tags().get(2).substring("dask-cluster-".length());

    ProcessInstance bobs =
        runtimeService.startProcessInstanceByKey(
            "dask-teardown",
            Map.of(
                "site",
                "local",
                "cluster",
                SpinValues.jsonValue("{\"id\": \"%s\", \"site\": \"local\"}".formatted(id))
                    .create()));
    awaitEnd(bobs);

    assertThat(runningJobs(alices)).hasSize(1);
    assertThat(variable(alices, "clusterStatus")).isEqualTo("RUNNING");
  }

  @Test
  void jobsCannotBeGivenTheTagsOfAnotherCluster() {
    ProcessInstance alices = start(Map.of());
    awaitStatus(alices, "RUNNING");
    String tag = jobs(alices).get(0).tags().get(2);
    Map<String, Object> variables = new HashMap<>();
    for (String job : new String[] {"schedulerJob", "workerJob", "allocation"}) {
      variables.put(
          job,
          new ObjectMapper()
              .createObjectNode()
              .set("Tags", new ObjectMapper().createArrayNode().add(tag + "-worker-1"))
              .toString());
    }

    assertThatThrownBy(() -> start(variables))
        .isInstanceOf(BadUserRequestException.class)
        .hasMessageContaining("schedulerJob", "workerJob", "allocation");
  }

  @Test
  void theAllocationOfAnotherClusterIsRefused() {
    ProcessInstance alices = start(Map.of("allocation", "{\"Resources\": {\"Nodes\": 2}}"));
    awaitStatus(alices, "RUNNING");

    assertThatThrownBy(() -> start(Map.of("allocation", variable(alices, "allocationUrl"))))
        .isInstanceOf(BadUserRequestException.class)
        .hasMessageContaining("was made for another cluster");
  }
}

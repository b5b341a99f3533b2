package io.unicoredask.application;

import static io.unicoredask.application.RestUser.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unicoredask.ApplicationTest;
import io.unicoredask.TestDatabase;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What the engine's REST API shows of clusters, and to whom. */
@ApplicationTest
@Tag(TestDatabase.TAG)
class ClustersTest {

  private static final String CLUSTERS = "/unicore-dask/clusters";

  @Autowired private IdentityService identityService;
  @Autowired private RepositoryService repositoryService;
  @Autowired private RuntimeService runtimeService;
  @LocalServerPort private int port;

  private People people;

  /** Unlike those of all other tests. */
  private final String key = UUID.randomUUID().toString();

  @BeforeEach
  void addUsers() {
    people = new People(identityService);
    people.addTo(DaskGroups.USERS, "alice", "bob");
    people.addTo(DaskGroups.OPERATORS, "olga");
  }

  @AfterEach
  void removeThem() {
    people.remove();
  }

  @Test
  void aClusterIsShownFromItsStartToItsEndToWhoMayReadItsInstance() throws Exception {
    String instance = ok(start("alice", key, "workers", 1)).path("id").asText();
    String path = CLUSTERS + "/" + instance;
    await().until(() -> "RUNNING".equals(ok(user("alice").get(path)).path("status").asText()));

    for (String user : List.of("alice", "olga")) {
      JsonNode shown = only(user, "state=living&name=" + key);
      assertThat(shown.path("id").asText()).isEqualTo(instance);
      assertThat(shown.path("name").asText()).isEqualTo(key);
      assertThat(shown.path("process").asText()).isEqualTo("dask-cluster");
      assertThat(shown.path("site").asText()).isEqualTo("local");
      assertThat(shown.path("user").asText()).isEqualTo("alice");
      assertThat(shown.path("connectedWorkers").asInt()).isEqualTo(1);
      assertThat(shown.path("size").asText()).isEqualTo("1 worker");
      assertThat(OffsetDateTime.parse(shown.path("started").asText()))
          .isBeforeOrEqualTo(OffsetDateTime.parse(shown.path("ready").asText()));
      assertThat(shown.has("ended")).isFalse();
      assertThat(shown.has("errorMessage")).isFalse();
    }
    setOneOfAnActivity(instance);
    JsonNode details = ok(user("alice").get(path));
    assertThat(details.path("waits")).hasSize(1);
    assertThat(details.path("waits").get(0).path("activity").asText()).isEqualTo("ClusterReady");
    assertThat(details.path("waits").get(0).path("text").asText()).isEqualTo("ready, 1 worker");
    assertThat(details.path("jobs"))
        .extracting(job -> job.path("role").asText())
        .containsExactly("scheduler", "worker-1");
    assertThat(details.path("jobs"))
        .allSatisfy(
            job -> {
              assertThat(job.path("state").asText()).isIn("RUNNING", "CONNECTED");
              assertThat(job.path("url").asText()).endsWith("/jobs/" + job.path("id").asText());
            });
    assertThat(details.path("workersOverTime").findValuesAsText("connected")).endsWith("1");
    assertThat(details.path("workersOverTime").findValuesAsText("wanted")).endsWith("1");
    assertThat(details.path("schedulerAddress").asText()).startsWith("tcp://");
    assertThat(details.path("variables").path("workers").path("value").asInt()).isEqualTo(1);
    assertThat(details.path("variables").path("workers").path("type").asText())
        .isEqualTo("Integer");
    assertThat(may("alice", path)).containsExactly("logs", "scale", "teardown");
    assertThat(ok(user("alice").get("/engine/default" + path)).path("id").asText())
        .isEqualTo(instance);

    assertThat(list("bob", "name=" + key).path("count").asInt()).isZero();
    assertThat(user("bob").get(path).statusCode()).isEqualTo(404);
    assertThat(new RestUser(port, null).get(path).statusCode()).isEqualTo(401);

    ok(
        user("alice")
            .post(
                "/message",
                Map.of("messageName", "dask-cluster-teardown", "processInstanceId", instance)));
    await().until(() -> ok(user("alice").get(path)).has("ended"));
    assertThat(ok(user("alice").get(path)).at("/variables/workers/value").asInt()).isEqualTo(1);

    for (String user : List.of("alice", "olga")) {
      JsonNode shown = only(user, "state=over&status=STOPPED&name=" + key.toUpperCase());
      assertThat(shown.path("endedBy").asText()).isEqualTo("teardown");
      assertThat(shown.path("nodeHours").asDouble()).isPositive();
    }
    JsonNode over = ok(user("alice").get(path));
    assertThat(over.path("jobs"))
        .extracting(job -> job.path("state").asText())
        .containsOnly("ENDED");
    assertThat(over.path("jobs")).hasSize(2);
    assertThat(over.path("workersOverTime").findValuesAsText("connected")).endsWith("0");
    assertThat(over.path("may")).isEmpty();
    assertThat(over.path("variables").path("site").path("value").asText()).isEqualTo("local");
    assertThat(list("alice", "state=living&name=" + key).path("count").asInt()).isZero();
    assertThat(list("bob", "name=" + key).path("count").asInt()).isZero();
    assertThat(user("bob").get(path).statusCode()).isEqualTo(404);
  }

  /** A variable of an activity's own, by the name of one of the instance's, which is another. */
  private void setOneOfAnActivity(String instance) {
    String ready =
        runtimeService
            .createExecutionQuery()
            .processInstanceId(instance)
            .activityId("ClusterReady")
            .singleResult()
            .getId();
    runtimeService.setVariableLocal(ready, "workers", 99);
  }

  @Test
  void aClusterThatFailedStaysWithItsReasonAndIsPagedAndFilteredWithTheOthers() throws Exception {
    String name = key + " <img src=x onerror=alert(1)>";
    String failed =
        ok(start("alice", name, "queue", "full", "queueTimeout", "PT1S")).path("id").asText();
    String deleted = ok(start("bob", key + " bob's", "queue", "full")).path("id").asText();
    ok(RestUser.send(user("bob").request("/process-instance/" + deleted).DELETE()));
    await().until(() -> list("olga", "state=over&name=" + key).path("count").asInt() == 2);

    JsonNode shown = only("alice", "state=all&name=" + key);
    assertThat(shown.path("id").asText()).isEqualTo(failed);
    assertThat(shown.path("name").asText()).isEqualTo(name);
    assertThat(shown.path("status").asText()).isEqualTo("FAILED");
    assertThat(shown.path("endedBy").asText()).isEqualTo("error");
    assertThat(shown.path("errorCode").asText()).isEqualTo("DASK_QUEUE_TIMEOUT");
    assertThat(shown.path("errorMessage").asText()).contains("queueTimeout = PT1S");
    assertThat(shown.has("ready")).isFalse();
    assertThat(ok(user("alice").get(CLUSTERS + "/" + failed)).path("errorCode").asText())
        .isEqualTo("DASK_QUEUE_TIMEOUT");

    JsonNode bobs = only("olga", "user=bob&name=" + key);
    assertThat(bobs.path("id").asText()).isEqualTo(deleted);
    assertThat(bobs.path("status").asText()).isEqualTo("STOPPED");
    assertThat(bobs.path("endedBy").asText()).isEqualTo("deletion");

    assertThat(ids(list("olga", "name=" + key))).containsExactly(deleted, failed);
    assertThat(list("olga", "maxResults=1&name=" + key).path("count").asInt()).isEqualTo(2);
    assertThat(ids(list("olga", "maxResults=1&name=" + key))).containsExactly(deleted);
    assertThat(ids(list("olga", "firstResult=1&maxResults=1&name=" + key))).containsExactly(failed);
    assertThat(ids(list("olga", "status=FAILED&site=local&name=" + key))).containsExactly(failed);
    assertThat(ids(list("olga", "site=modules&name=" + key))).isEmpty();
    assertThat(ids(list("olga", "name=" + key.replace('-', '_')))).isEmpty();
  }

  @Test
  void aRequestThatIsRefusedInAProcessThatAnotherCalledIsShownAsFailed() throws Exception {
    String deployment =
        repositoryService
            .createDeployment()
            .addModelInstance(
                "caller.bpmn",
                Bpmn.createExecutableProcess("caller")
                    .camundaHistoryTimeToLive(1)
                    .startEvent()
                    .callActivity("call")
                    .calledElement("dask-cluster")
                    .camundaIn("site", "site")
                    .camundaInBusinessKey("#{execution.processBusinessKey}")
                    .boundaryEvent()
                    .error("DASK_INVALID_REQUEST")
                    .endEvent()
                    .moveToActivity("call")
                    .endEvent()
                    .done())
            .deploy()
            .getId();
    try {
      runtimeService.startProcessInstanceByKey("caller", key, Map.of("site", "no such"));

      JsonNode shown = only("olga", "name=" + key);
      assertThat(shown.path("status").asText()).isEqualTo("FAILED");
      assertThat(shown.path("site").asText()).isEqualTo("no such");
      assertThat(shown.path("errorCode").asText()).isEqualTo("DASK_INVALID_REQUEST");
      assertThat(shown.path("errorMessage").asText()).contains("site = no such");
      assertThat(shown.has("ended")).isTrue();
    } finally {
      repositoryService.deleteDeployment(deployment, true);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "state=dead, state = dead is not allowed",
    "status=running, status = running is not allowed",
    "firstResult=-1, firstResult = -1 is not allowed",
    "maxResults=0, maxResults = 0 is not allowed",
    "maxResults=99999999999, maxResults = 99999999999 is not allowed",
    "maxResults=ten, maxResults = ten is not allowed",
    "site=a&site=b, site is given 2 times",
    "sites=local, sites is no parameter of this list"
  })
  void whatIsNoParameterIsABadRequestThatNamesIt(String query, String reason) throws Exception {
    HttpResponse<String> answer = user("alice").get(CLUSTERS + "?" + query);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(new ObjectMapper().readTree(answer.body()).path("message").asText())
        .contains(reason);
  }

  @Test
  void anInstanceWithoutAClusterIsNotFoundWithASentence() throws Exception {
    HttpResponse<String> answer = user("olga").get(CLUSTERS + "/no-such");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(new ObjectMapper().readTree(answer.body()).path("message").asText())
        .contains("no such process instance that you may read");
  }

  @Test
  void nobodyIsShownAnythingWithoutALogin() throws Exception {
    for (String api :
        List.of("engine-rest", "camunda/api/engine", "camunda/api/engine/engine/default")) {
      HttpRequest.Builder stranger =
          HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/" + api + CLUSTERS));

      assertThat(RestUser.send(stranger).statusCode()).as(api).isIn(401, 404);
    }
  }

  private List<String> may(String user, String path) throws Exception {
    List<String> may = new ArrayList<>();
    ok(user(user).get(path)).path("may").forEach(one -> may.add(one.asText()));
    return may;
  }

  private HttpResponse<String> start(String user, String name, Object... variables)
      throws Exception {
    Object[] all = Arrays.copyOf(variables, variables.length + 4);
    System.arraycopy(new Object[] {"site", "local", "localPort", 0}, 0, all, variables.length, 4);
    return user(user).startAs(name, all);
  }

  private static List<String> ids(JsonNode list) {
    return list.path("clusters").findValuesAsText("id");
  }

  private JsonNode only(String user, String query) throws Exception {
    JsonNode list = list(user, query);
    assertThat(list.path("count").asInt()).as("%s", list).isEqualTo(1);
    assertThat(list.path("clusters")).hasSize(1);
    return list.path("clusters").get(0);
  }

  private JsonNode list(String user, String query) throws Exception {
    return ok(user(user).get(CLUSTERS + "?" + query.replace(" ", "%20")));
  }

  private RestUser user(String name) {
    return RestUser.of(port, name);
  }
}

package io.unicoredask.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unicoredask.ApplicationTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.history.UserOperationLogEntry;
import org.camunda.bpm.engine.identity.User;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What alice and bob, who may start clusters, and an operator may do with alice's. */
@ApplicationTest
class RightsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final String KEY = "alices";

  @Autowired private IdentityService identityService;
  @Autowired private RepositoryService repositoryService;
  @Autowired private RuntimeService runtimeService;
  @Autowired private HistoryService historyService;
  @LocalServerPort private int port;

  private final ListAppender<ILoggingEvent> audit = new ListAppender<>();
  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeEach
  void listen() {
    audit.start();
    ((Logger) LoggerFactory.getLogger("io.unicoredask.audit")).addAppender(audit);
  }

  @BeforeEach
  void addUsers() {
    add("alice", DaskGroups.USERS);
    add("bob", DaskGroups.USERS);
    add("olga", DaskGroups.OPERATORS);
  }

  private void add(String name, String group) {
    User user = identityService.newUser(name);
    user.setPassword(name + "'s own");
    identityService.saveUser(user);
    identityService.createMembership(name, group);
  }

  @AfterEach
  void removeThem() {
    ((Logger) LoggerFactory.getLogger("io.unicoredask.audit")).detachAppender(audit);
    List.of("alice", "bob", "olga").forEach(identityService::deleteUser);
  }

  @Test
  void aClusterIsItsOwnersAndTheOperatorsAndNobodyElses() throws Exception {
    JsonNode started =
        ok(
            post(
                "alice",
                start(),
                Map.of(
                    "businessKey",
                    KEY,
                    "variables",
                    variables("site", "local", "workers", 0, "localPort", 0, "security", "tls"))));
    String instance = started.path("id").asText();
    await().atMost(LIMIT).until(() -> "RUNNING".equals(value(instance, "clusterStatus")));

    // bob sees nothing of it, and reaches it by no way.
    assertThat(ok(get("bob", "/process-instance"))).isEmpty();
    assertThat(ok(get("bob", "/history/process-instance?processInstanceIds=" + instance)))
        .isEmpty();
    assertThat(ok(get("bob", "/variable-instance?processInstanceIdIn=" + instance))).isEmpty();
    assertThat(ok(get("bob", "/history/variable-instance?processInstanceId=" + instance)))
        .isEmpty();
    assertThat(get("bob", "/process-instance/" + instance + "/variables").statusCode())
        .isEqualTo(403);
    for (String message : List.of("dask-cluster-scale", "dask-cluster-teardown")) {
      Map<String, ?> one = variables("workers", 1);
      assertThat(
              post(
                      "bob",
                      "/message",
                      Map.of("messageName", message, "businessKey", KEY, "processVariables", one))
                  .statusCode())
          .as(message)
          .isBetween(400, 499);
      assertThat(
              post("bob", "/message", Map.of("messageName", message, "processInstanceId", instance))
                  .statusCode())
          .as(message)
          .isBetween(400, 499);
    }
    assertThat(send("bob", request("/process-instance/" + instance).DELETE()).statusCode())
        .isEqualTo(403);
    String security = "/unicore-dask/clusters/" + instance + "/security";
    for (String path : List.of(security, "/engine/default" + security)) {
      HttpResponse<String> refused = get("bob", path);
      assertThat(refused.statusCode()).as(path).isEqualTo(404);
      assertThat(refused.body()).contains("that you may read").doesNotContain("CERTIFICATE");
      assertThat(
              http.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofString())
                  .statusCode())
          .as(path)
          .isEqualTo(401);
    }
    assertThat(value(instance, "clusterStatus")).isEqualTo("RUNNING");
    assertThat(value(instance, "clusterSize")).isEqualTo("0 workers");

    // alice sees it, and so does an operator.
    for (String user : List.of("alice", "olga")) {
      assertThat(ok(get(user, "/process-instance")).findValuesAsText("id")).contains(instance);
      assertThat(
              ok(get(user, "/process-instance/" + instance + "/variables"))
                  .path("clusterStatus")
                  .path("value")
                  .asText())
          .isEqualTo("RUNNING");
      assertThat(ok(get(user, "/history/variable-instance?processInstanceId=" + instance)))
          .isNotEmpty();
      HttpResponse<String> certificates = get(user, security);
      assertThat(ok(certificates).path("require_encryption").asBoolean()).isTrue();
      assertThat(ok(certificates).path("tls_ca_file").asText()).contains("BEGIN CERTIFICATE");
      assertThat(ok(certificates).path("tls_client_cert").asText()).contains("BEGIN CERTIFICATE");
      assertThat(ok(certificates).path("tls_client_key").asText()).contains("BEGIN PRIVATE KEY");
      assertThat(certificates.headers().firstValue("Cache-Control"))
          .get()
          .asString()
          .contains("no-store");
      assertThat(ok(get(user, "/engine/default" + security))).isEqualTo(ok(certificates));
    }
    ok(
        post(
            "alice",
            "/message",
            Map.of(
                "messageName",
                "dask-cluster-scale",
                "businessKey",
                KEY,
                "processVariables",
                variables("workers", 1))));
    await()
        .atMost(LIMIT)
        .until(() -> Integer.valueOf(1).equals(value(instance, "connectedWorkers")));
    ok(
        post(
            "olga",
            "/message",
            Map.of("messageName", "dask-cluster-teardown", "businessKey", KEY)));
    await()
        .atMost(LIMIT)
        .until(
            () ->
                runtimeService.createProcessInstanceQuery().processInstanceId(instance).count()
                    == 0);

    // Who did what is on record.
    assertThat(audited(instance))
        .filteredOn(line -> line.startsWith("deed=read-certificate"))
        .hasSize(4)
        .first()
        .asString()
        .startsWith("deed=read-certificate user=alice cluster=");
    assertThat(audited(instance))
        .filteredOn(line -> !line.startsWith("deed=read-certificate"))
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .startsWith("deed=start user=alice cluster=")
                    .contains("businessKey=alices site=local size=\"0 workers\""),
            line ->
                assertThat(line)
                    .startsWith("deed=scale user=alice cluster=")
                    .contains("size=\"1 worker\" brought=[workers]"),
            line ->
                assertThat(line)
                    .startsWith("deed=tear-down user=olga cluster=")
                    .contains("endedBy=teardown"),
            line ->
                assertThat(line)
                    .startsWith("deed=over user=- cluster=")
                    .contains("clusterStatus=STOPPED"));
    assertThat(operations(instance, "Scale")).containsExactly("alice");
    assertThat(operations(instance, "TearDown")).containsExactly("olga");

    assertThat(get("alice", security).statusCode()).as("it is over").isEqualTo(404);

    // What became of it stays between them.
    assertThat(ok(get("alice", "/history/process-instance")).findValuesAsText("id"))
        .contains(instance);
    assertThat(ok(get("bob", "/history/process-instance?processInstanceIds=" + instance)))
        .isEmpty();
  }

  @Test
  void workIsAProcessThatItsStarterMayStart() throws Exception {
    String deployment =
        repositoryService
            .createDeployment()
            .addModelInstance(
                "admins.bpmn",
                Bpmn.createExecutableProcess("admins-work")
                    .camundaHistoryTimeToLive(1)
                    .startEvent()
                    .endEvent()
                    .done())
            .deploy()
            .getId();
    try {
      HttpResponse<String> refused =
          post(
              "bob",
              start(),
              Map.of(
                  "variables", variables("site", "local", "work", "admins-work", "dryRun", true)));

      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.body())
          .contains("work = admins-work", "the key of a deployed process that you may start");
      assertThat(
              post(
                      "bob",
                      start(),
                      Map.of(
                          "variables",
                          variables("site", "local", "work", "no-such", "dryRun", true)))
                  .body())
          .as("nothing tells one that is there from one that is not")
          .contains("work = no-such", "the key of a deployed process that you may start");
      ok(
          post(
              "bob",
              start(),
              Map.of(
                  "variables",
                  variables(
                      "site",
                      "local",
                      "work",
                      "dask-script",
                      "script",
                      "print(1)",
                      "dryRun",
                      true))));
    } finally {
      repositoryService.deleteDeployment(deployment, true);
    }
  }

  private List<String> audited(String instance) {
    return audit.list.stream()
        .map(ILoggingEvent::getFormattedMessage)
        .filter(line -> line.contains(instance))
        .toList();
  }

  private List<String> operations(String instance, String type) {
    return historyService
        .createUserOperationLogQuery()
        .processInstanceId(instance)
        .operationType(type)
        .list()
        .stream()
        .map(UserOperationLogEntry::getUserId)
        .distinct()
        .toList();
  }

  private Object value(String instance, String name) {
    var found =
        historyService
            .createHistoricVariableInstanceQuery()
            .processInstanceId(instance)
            .variableName(name)
            .singleResult();
    return found == null ? null : found.getValue();
  }

  private static String start() {
    return "/process-definition/key/dask-cluster/start";
  }

  private static Map<String, ?> variables(Object... pairs) {
    Map<String, Object> variables = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      variables.put((String) pairs[i], Map.of("value", pairs[i + 1]));
    }
    return variables;
  }

  private static JsonNode ok(HttpResponse<String> answer) throws IOException {
    assertThat(answer.statusCode()).as(answer.body()).isIn(200, 204);
    return JSON.readTree(answer.body());
  }

  private HttpResponse<String> get(String user, String path) throws Exception {
    return send(user, request(path).GET());
  }

  private HttpResponse<String> post(String user, String path, Object body) throws Exception {
    return send(
        user,
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body))));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/engine-rest" + path));
  }

  private HttpResponse<String> send(String user, HttpRequest.Builder request) throws Exception {
    String login = Base64.getEncoder().encodeToString((user + ":" + user + "'s own").getBytes());
    return http.send(
        request.header("Authorization", "Basic " + login).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}

package io.unicoredask.application;

import static io.unicoredask.application.RestUser.ok;
import static io.unicoredask.application.RestUser.variables;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.unicoredask.ApplicationTest;
import io.unicoredask.HistoricVariables;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.AuthorizationService;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.ProcessEngineConfiguration;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.authorization.Authorization;
import org.camunda.bpm.engine.authorization.Resources;
import org.camunda.bpm.engine.history.UserOperationLogEntry;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
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

  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final String KEY = "alices";

  @Autowired private ProcessEngine engine;
  @Autowired private IdentityService identityService;
  @Autowired private RepositoryService repositoryService;
  @Autowired private RuntimeService runtimeService;
  @Autowired private HistoryService historyService;
  @Autowired private AuthorizationService authorizationService;
  @LocalServerPort private int port;

  private People people;

  private final ListAppender<ILoggingEvent> audit = new ListAppender<>();

  @BeforeEach
  void listen() {
    audit.start();
    ((Logger) LoggerFactory.getLogger("io.unicoredask.audit")).addAppender(audit);
  }

  @BeforeEach
  void addUsers() {
    people = new People(identityService);
    people.addTo(DaskGroups.USERS, "alice", "bob");
    people.addTo(DaskGroups.OPERATORS, "olga");
  }

  @AfterEach
  void removeThem() {
    ((Logger) LoggerFactory.getLogger("io.unicoredask.audit")).detachAppender(audit);
    people.remove();
  }

  @Test
  void aClusterIsItsOwnersAndTheOperatorsAndNobodyElses() throws Exception {
    JsonNode started =
        ok(
            user("alice")
                .startAs(KEY, "site", "local", "workers", 0, "localPort", 0, "security", "tls"));
    String instance = started.path("id").asText();
    await().atMost(LIMIT).until(() -> "RUNNING".equals(value(instance, "clusterStatus")));

    // bob sees nothing of it, and reaches it by no way.
    assertThat(ok(user("bob").get("/process-instance"))).isEmpty();
    assertThat(ok(user("bob").get("/history/process-instance?processInstanceIds=" + instance)))
        .isEmpty();
    assertThat(ok(user("bob").get("/variable-instance?processInstanceIdIn=" + instance))).isEmpty();
    assertThat(ok(user("bob").get("/history/variable-instance?processInstanceId=" + instance)))
        .isEmpty();
    assertThat(user("bob").get("/process-instance/" + instance + "/variables").statusCode())
        .isEqualTo(403);
    for (String message : List.of("dask-cluster-scale", "dask-cluster-teardown")) {
      Map<String, ?> one = variables("workers", 1);
      assertThat(
              user("bob")
                  .post(
                      "/message",
                      Map.of("messageName", message, "businessKey", KEY, "processVariables", one))
                  .statusCode())
          .as(message)
          .isBetween(400, 499);
      assertThat(
              user("bob")
                  .post("/message", Map.of("messageName", message, "processInstanceId", instance))
                  .statusCode())
          .as(message)
          .isBetween(400, 499);
    }
    assertThat(
            RestUser.send(user("bob").request("/process-instance/" + instance).DELETE())
                .statusCode())
        .isEqualTo(403);
    String security = "/unicore-dask/clusters/" + instance + "/security";
    for (String path : List.of(security, "/engine/default" + security)) {
      HttpResponse<String> refused = user("bob").get(path);
      assertThat(refused.statusCode()).as(path).isEqualTo(404);
      assertThat(refused.body()).contains("that you may read").doesNotContain("CERTIFICATE");
      assertThat(new RestUser(port, null).get(path).statusCode()).as(path).isEqualTo(401);
    }
    assertThat(value(instance, "clusterStatus")).isEqualTo("RUNNING");
    assertThat(value(instance, "clusterSize")).isEqualTo("0 workers");

    // Whose its business key is, it does not tell bob.
    String taken = "the business key alices is that of ";
    assertThat(user("bob").startAs(KEY, "site", "local").body())
        .contains(taken + "another cluster")
        .doesNotContain(instance);
    for (String user : List.of("alice", "olga")) {
      assertThat(user(user).startAs(KEY, "site", "local").body())
          .contains(taken + "the cluster of process instance " + instance);
    }

    // alice sees it, and so does an operator.
    for (String user : List.of("alice", "olga")) {
      assertThat(ok(user(user).get("/process-instance")).findValuesAsText("id")).contains(instance);
      assertThat(
              ok(user(user).get("/process-instance/" + instance + "/variables"))
                  .path("clusterStatus")
                  .path("value")
                  .asText())
          .isEqualTo("RUNNING");
      assertThat(ok(user(user).get("/history/variable-instance?processInstanceId=" + instance)))
          .isNotEmpty();
      HttpResponse<String> certificates = user(user).get(security);
      assertThat(ok(certificates).path("require_encryption").asBoolean()).isTrue();
      assertThat(ok(certificates).path("tls_ca_file").asText()).contains("BEGIN CERTIFICATE");
      assertThat(ok(certificates).path("tls_client_cert").asText()).contains("BEGIN CERTIFICATE");
      assertThat(ok(certificates).path("tls_client_key").asText()).contains("BEGIN PRIVATE KEY");
      assertThat(certificates.headers().firstValue("Cache-Control"))
          .get()
          .asString()
          .contains("no-store");
      assertThat(ok(user(user).get("/engine/default" + security))).isEqualTo(ok(certificates));
    }
    ok(
        user("alice")
            .post(
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
        user("olga")
            .post("/message", Map.of("messageName", "dask-cluster-teardown", "businessKey", KEY)));
    await()
        .atMost(LIMIT)
        .until(
            () ->
                runtimeService.createProcessInstanceQuery().processInstanceId(instance).count()
                    == 0);

    // Who did what is on record.
    assertThat(audited(instance))
        .filteredOn(line -> line.startsWith("operation=read-certificate"))
        .hasSize(4)
        .first()
        .asString()
        .startsWith("operation=read-certificate user=alice cluster=");
    assertThat(audited(instance))
        .filteredOn(line -> !line.startsWith("operation=read-certificate"))
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .startsWith("operation=start user=alice cluster=")
                    .contains("businessKey=alices site=local size=\"0 workers\""),
            line ->
                assertThat(line)
                    .startsWith("operation=scale user=alice cluster=")
                    .contains("size=\"1 worker\" brought=[workers]"),
            line ->
                assertThat(line)
                    .startsWith("operation=tear-down user=olga cluster=")
                    .contains("endedBy=teardown"),
            line ->
                assertThat(line)
                    .startsWith("operation=over user=- cluster=")
                    .contains("clusterStatus=STOPPED"));
    assertThat(operations(instance, "Scale")).containsExactly("alice");
    assertThat(operations(instance, "TearDown")).containsExactly("olga");

    assertThat(user("alice").get(security).statusCode()).as("it is over").isEqualTo(404);

    // What became of it stays between them, and nothing else does.
    assertThat(authorizations(instance))
        .extracting(Authorization::getResourceType)
        .containsExactly(Resources.HISTORIC_PROCESS_INSTANCE.resourceType());
    assertThat(ok(user("alice").get("/history/process-instance")).findValuesAsText("id"))
        .contains(instance);
    assertThat(ok(user("bob").get("/history/process-instance?processInstanceIds=" + instance)))
        .isEmpty();
  }

  @Test
  void whatAStarterMayGoesWithTheHistory() throws Exception {
    JsonNode started = ok(user("alice").start("site", "local", "dryRun", true));
    String instance = started.path("id").asText();
    assertThat(authorizations(instance))
        .extracting(Authorization::getResourceType)
        .containsExactly(Resources.HISTORIC_PROCESS_INSTANCE.resourceType());

    Date removal =
        historyService
            .createHistoricProcessInstanceQuery()
            .processInstanceId(instance)
            .singleResult()
            .getRemovalTime();
    assertThat(removal).isNotNull();
    assertThat(authorizations(instance).get(0).getRemovalTime()).isEqualTo(removal);

    historyService.deleteHistoricProcessInstance(instance);
    assertThat(authorizations(instance)).isEmpty();
  }

  @Test
  void soItDoesWhereTheRemovalTimeIsKnownAtTheStart() throws Exception {
    ProcessEngineConfigurationImpl configuration =
        (ProcessEngineConfigurationImpl) engine.getProcessEngineConfiguration();
    String usual = configuration.getHistoryRemovalTimeStrategy();
    configuration.setHistoryRemovalTimeStrategy(
        ProcessEngineConfiguration.HISTORY_REMOVAL_TIME_STRATEGY_START);
    try {
      String instance =
          ok(user("alice").start("site", "local", "dryRun", true)).path("id").asText();
      assertThat(authorizations(instance))
          .singleElement()
          .satisfies(one -> assertThat(one.getRemovalTime()).isNotNull());
    } finally {
      configuration.setHistoryRemovalTimeStrategy(usual);
    }
  }

  private List<Authorization> authorizations(String instance) {
    return authorizationService.createAuthorizationQuery().resourceId(instance).list();
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
          user("bob").start("site", "local", "work", "admins-work", "dryRun", true);

      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.body())
          .contains("work = admins-work", "the key of a deployed process that you may start");
      assertThat(user("bob").start("site", "local", "work", "no-such", "dryRun", true).body())
          .as("nothing tells one that is there from one that is not")
          .contains("work = no-such", "the key of a deployed process that you may start");
      ok(
          user("bob")
              .start("site", "local", "work", "dask-script", "script", "print(1)", "dryRun", true));
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
    return HistoricVariables.last(historyService, instance, name);
  }

  private RestUser user(String name) {
    return RestUser.of(port, name);
  }
}

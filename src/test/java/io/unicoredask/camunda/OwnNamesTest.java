package io.unicoredask.camunda;

import static io.unicoredask.TestSite.ALICE;
import static io.unicoredask.TestSite.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.unicoredask.TestSite;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.dask.SchedulerProbe;
import io.unicoredask.dask.TlsFile;
import io.unicoredask.localsite.Disturbance;
import io.unicoredask.localsite.LocalJob;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.camunda.bpm.engine.BadUserRequestException;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.runtime.Incident;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.engine.variable.Variables;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * At a site that people use under their own names, a cluster is its starter's, whatever happens.
 */
class OwnNamesTest extends ProcessTest {

  private static final String WHOSE = "The credential of user 'alice' for site 'personal': ";

  @Autowired DaskRuntime runtime;
  @Autowired Sites sites;
  @Autowired IdentityService identityService;
  @Autowired TaskService taskService;
  @Autowired JdbcTemplate database;

  @BeforeEach
  void giveTokens() throws IOException {
    TestSite.renewToken(ALICE);
    TestSite.renewToken(BOB);
  }

  @AfterEach
  void calm() throws IOException {
    TestSite.site().disturb(() -> Disturbance.NONE);
    giveTokens();
    runtime.start();
  }

  private <T> T as(String user, Supplier<T> call) {
    identityService.setAuthentication(user, List.of("camunda-admin"));
    try {
      return call.get();
    } finally {
      identityService.clearAuthentication();
    }
  }

  private ProcessInstance startAs(String user, Map<String, Object> variables) {
    Map<String, Object> all = new HashMap<>(variables);
    all.put("site", "personal");
    return as(user, () -> start(all));
  }

  private List<Incident> incidents(ProcessInstance instance) {
    return runtimeService
        .createIncidentQuery()
        .processInstanceId(instance.getId())
        .incidentType(EngineRecords.INCIDENT_TYPE)
        .list();
  }

  private void awaitIncidents(ProcessInstance instance, int count) {
    await().atMost(LIMIT).until(() -> incidents(instance).size() == count);
  }

  private String incident(ProcessInstance instance) {
    return incidents(instance).get(0).getIncidentMessage();
  }

  private void assertOwned(ProcessInstance cluster, String user, int count) {
    assertThat(jobs(cluster)).hasSize(count).allMatch(job -> job.owner().equals(user));
    assertThat(jobs(cluster)).allMatch(job -> job.tags().contains("dask-user-" + user));
  }

  @Test
  void aTokenThatExpiresInAnOutageIsAnIncidentForItsOwnerAloneAndAllGoesOnWithANewOne()
      throws IOException {
    ProcessInstance alices = startAs(ALICE, Map.of("workers", 1));
    ProcessInstance bobs = startAs(BOB, Map.of("workers", 1));
    awaitStatus(alices, "RUNNING");
    awaitStatus(bobs, "RUNNING");
    assertOwned(alices, ALICE, 2);
    assertOwned(bobs, BOB, 2);

    TestSite.site().disturb(() -> Disturbance.UNAVAILABLE);
    send(alices, "dask-cluster-scale", Map.of("workers", 2));
    send(bobs, "dask-cluster-scale", Map.of("workers", 2));
    awaitProgress(alices, "HTTP 503");
    awaitProgress(bobs, "HTTP 503");
    TestSite.expireToken(ALICE);
    TestSite.site().disturb(() -> Disturbance.NONE);

    await()
        .atMost(LIMIT)
        .until(() -> "2".equals(String.valueOf(variable(bobs, "connectedWorkers"))));
    awaitProgress(alices, WHOSE);
    await().atMost(LIMIT).untilAsserted(() -> assertThat(incidents(alices)).isNotEmpty());
    assertThat(variable(alices, "clusterProgress").toString())
        .startsWith(WHOSE)
        .contains("alice.token", "has expired", "Nothing is lost");
    await().atMost(LIMIT).until(() -> incidents(bobs).isEmpty());
    assertThat(variable(alices, "clusterStatus")).isEqualTo("RUNNING");
    assertOwned(alices, ALICE, 2);
    assertThat(TestSite.site().jobs()).noneMatch(job -> isOf(alices, job) && !owns(ALICE, job));

    TestSite.renewToken(ALICE);
    await()
        .atMost(LIMIT)
        .until(() -> "2".equals(String.valueOf(variable(alices, "connectedWorkers"))));
    awaitIncidents(alices, 0);
    assertOwned(alices, ALICE, 3);
    assertOwned(bobs, BOB, 3);
  }

  private static boolean isOf(ProcessInstance cluster, LocalJob job) {
    return job.tags().stream().anyMatch(tag -> tag.endsWith(cluster.getId()));
  }

  private static boolean owns(String user, LocalJob job) {
    return job.owner().equals(user);
  }

  @Test
  void aTokenThatVanishesKeepsNoSessionAndStopsATeardownUntilItIsBack() throws IOException {
    ProcessInstance alices = startAs(ALICE, Map.of());
    awaitStatus(alices, "RUNNING");

    Files.delete(TestSite.tokenFile(ALICE));
    send(alices, "dask-cluster-teardown", Map.of());
    awaitIncidents(alices, 1);
    assertThat(incident(alices)).startsWith(WHOSE).contains("alice.token", "check the path");
    assertThat(runningJobs(alices)).hasSize(1);

    TestSite.renewToken(ALICE);
    awaitEnd(alices);
    assertStopped(alices, "teardown");
    assertOwned(alices, ALICE, 1);
  }

  @Test
  void anotherNodeTakesOverWithTheOwnersCredentialsPortsAndAll() throws Exception {
    ProcessInstance alices = startAs(ALICE, Map.of());
    ProcessInstance bobs = startAs(BOB, Map.of());
    awaitStatus(alices, "RUNNING");
    awaitStatus(bobs, "RUNNING");
    runtime.close();
    TestSite.expireToken(ALICE);

    try (OtherNode other = OtherNode.start(engine, sites)) {
      awaitIncidents(alices, 1);
      assertThat(incident(alices)).startsWith(WHOSE).contains("has expired");
      assertReachable(bobs);
      send(bobs, "dask-cluster-scale", Map.of("workers", 1));
      await().atMost(LIMIT).until(() -> jobs(bobs).size() == 2);
      assertThat(incidents(bobs)).isEmpty();

      TestSite.renewToken(ALICE);
      awaitIncidents(alices, 0);
      send(alices, "dask-cluster-scale", Map.of("workers", 1));
      await().atMost(LIMIT).until(() -> jobs(alices).size() == 2);
      assertOwned(alices, ALICE, 2);
      assertOwned(bobs, BOB, 2);
      send(alices, "dask-cluster-teardown", Map.of());
      awaitEnd(alices);
      assertStopped(alices, "teardown");
    }
  }

  private InetSocketAddress address(ProcessInstance cluster) {
    URI address = URI.create((String) variable(cluster, "schedulerAddress"));
    return new InetSocketAddress(address.getHost(), address.getPort());
  }

  /** Its scheduler greets who connects to its local port. */
  private void assertReachable(ProcessInstance cluster) {
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> SchedulerProbe.probe(address(cluster), "tcp", Duration.ofSeconds(15)));
  }

  @Test
  void aStartByNobodyIsRefusedWithWhatToDo() {
    assertThatThrownBy(() -> start(Map.of("site", "personal")))
        .isInstanceOf(BadUserRequestException.class)
        .hasMessageContaining("unicore-dask.sites.personal.identity = initiator")
        .hasMessageContaining("not known who starts this")
        .hasMessageContaining("setAuthenticatedUserId");
    assertThat(runtimeService.createProcessInstanceQuery().count()).isZero();
  }

  @Test
  void whoHasNoTokenOrAnExpiredOneIsRefusedWithTheFile() throws IOException {
    assertThatThrownBy(() -> startAs("carol", Map.of()))
        .isInstanceOf(BadUserRequestException.class)
        .hasMessageContaining("the user 'carol' has no credential for site 'personal'")
        .hasMessageContaining(TestSite.tokenFile("carol").toString());
    TestSite.expireToken(ALICE);
    assertThatThrownBy(() -> startAs(ALICE, Map.of()))
        .hasMessageContaining("'alice'")
        .hasMessageContaining("has expired");
    assertThat(runtimeService.createProcessInstanceQuery().count()).isZero();
  }

  @Test
  void aNameThatLeadsToTheFileOfAnotherIsRefused() {
    for (String name : new String[] {"Alice", "../alice", "x/../alice", "alice\n", "alice "}) {
      assertThatThrownBy(() -> startAs(name, Map.of()))
          .isInstanceOf(BadUserRequestException.class)
          .hasMessageContaining("lower-case letters");
    }
    assertThat(runtimeService.createProcessInstanceQuery().count()).isZero();
  }

  @Test
  void aClusterThatIsCalledIsThatOfWhoStartedTheCallerWhoeverGoesOnWithIt() {
    repositoryService
        .createDeployment()
        .addModelInstance(
            "caller.bpmn",
            Bpmn.createExecutableProcess("caller")
                .camundaHistoryTimeToLiveString("P1D")
                .startEvent()
                .userTask()
                .callActivity()
                .calledElement("dask-cluster")
                .camundaIn("site", "site")
                .camundaIn("localPort", "localPort")
                .camundaInBusinessKey("#{execution.processBusinessKey}")
                .endEvent()
                .done())
        .deploy();
    ProcessInstance caller =
        as(
            ALICE,
            () ->
                runtimeService.startProcessInstanceByKey(
                    "caller", "called", Map.of("site", "personal", "localPort", 0)));
    runtimeService.setVariable(caller.getId(), "initiator", BOB);

    as(
        BOB,
        () -> {
          taskService.complete(taskService.createTaskQuery().singleResult().getId());
          return null;
        });

    ProcessInstance called =
        runtimeService
            .createProcessInstanceQuery()
            .superProcessInstanceId(caller.getId())
            .singleResult();
    awaitStatus(called, "RUNNING");
    assertOwned(called, ALICE, 1);
  }

  @Test
  void itsCertificatesAreReadAndItsKeysDeletedUnderTheSameName() throws IOException {
    ProcessInstance bobs = startAs(BOB, Map.of("security", "tls", "workers", 0));
    awaitStatus(bobs, "RUNNING");

    assertThat(runtime.clientFiles(bobs.getId(), BOB)).isPresent();

    Path keys = TestSite.directory(jobs(bobs).get(0)).resolve(TlsFile.CLIENT.fileName());
    assertThat(keys).exists();
    send(bobs, "dask-cluster-teardown", Map.of());
    awaitEnd(bobs);
    assertThat(keys).doesNotExist();
  }

  @Test
  void itsScriptRunsUnderTheSameName() {
    ProcessInstance bobs =
        startAs(
            BOB,
            Map.of(
                "work",
                "dask-script",
                "script",
                Variables.fileValue("script.py")
                    .file("print('done')".getBytes(StandardCharsets.UTF_8))
                    .create()));
    awaitEnd(bobs);
    assertStopped(bobs, "work");
    assertOwned(bobs, BOB, 2);
  }

  @Test
  void aClusterThatIsDeletedBySomebodyElseIsTornDownByItsOwner() {
    ProcessInstance alices = startAs(ALICE, Map.of("queue", "full"));
    await().atMost(LIMIT).until(() -> jobs(alices).size() == 1);

    as(
        BOB,
        () -> {
          await()
              .atMost(LIMIT)
              .ignoreExceptions()
              .untilAsserted(
                  () -> runtimeService.deleteProcessInstance(alices.getId(), "not needed"));
          return null;
        });

    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> assertThat(jobs(alices)).allMatch(job -> job.status().equals("FAILED")));
  }

  @Test
  void aNodeOfAnOlderVersionDoesNotTakeItsSiteForOneOfItsOwn() {
    ProcessInstance alices = startAs(ALICE, Map.of("queue", "full"));
    String column =
        database.queryForObject(
            "SELECT SITE_ FROM UNICORE_DASK_CLUSTER WHERE PROCESS_INSTANCE_ID_ = ?",
            String.class,
            alices.getId());
    assertThat(sites.names()).doesNotContain(column);
    assertThat(runtime.tables().request(runtime.tables().ofInstance(alices.getId()).orElseThrow()))
        .satisfies(request -> assertThat(request.site()).isEqualTo("personal"));
  }

  @Test
  void aClusterThatAnOlderVersionHasBegunHasTheSitesOwnAccount() {
    ProcessInstance olds = start(Map.of("site", "rationed", "queue", "full"));
    await().atMost(LIMIT).until(() -> jobs(olds).size() == 1);
    runtime.close();
    database.update(
        "UPDATE UNICORE_DASK_CLUSTER SET SITE_ = 'personal', OWNER_ = NULL, IDENTITY_ = NULL WHERE"
            + " PROCESS_INSTANCE_ID_ = ?",
        olds.getId());
    runtime.start();

    send(olds, "dask-cluster-teardown", Map.of());
    awaitEnd(olds);
    assertStopped(olds, "teardown");
    assertThat(jobs(olds)).allMatch(job -> job.owner().equals(TestSite.OTHER_USER));
  }
}

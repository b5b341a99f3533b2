package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.unicoredask.TestDatabase;
import io.unicoredask.camunda.ClusterFilter.State;
import io.unicoredask.camunda.Lives.Life;
import io.unicoredask.cluster.TestSites;
import io.unicoredask.cluster.keeper.ClusterIdentity;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.site.Sites;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.authorization.Authorization;
import org.camunda.bpm.engine.authorization.HistoricProcessInstancePermissions;
import org.camunda.bpm.engine.authorization.Permission;
import org.camunda.bpm.engine.authorization.ProcessDefinitionPermissions;
import org.camunda.bpm.engine.authorization.ProcessInstancePermissions;
import org.camunda.bpm.engine.authorization.Resource;
import org.camunda.bpm.engine.authorization.Resources;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.cfg.StandaloneProcessEngineConfiguration;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** Lives of clusters: who may read them, what many of them cost, and how long they stay. */
@Tag(TestDatabase.TAG)
class LivesTest {

  private static final int MANY = 10_000;
  private static final List<String> GROUPS = List.of("users");

  private static ProcessEngine engine;
  private static ProcessEngineConfigurationImpl configuration;
  private static EngineDatabase database;
  private static JdbcTemplate jdbc;

  @BeforeAll
  static void startAnEngine() {
    configuration = new StandaloneProcessEngineConfiguration();
    configuration.getProcessEnginePlugins().add(new DaskProcessEnginePlugin(() -> null));
    configuration.setEnableHistoricInstancePermissions(true);
    configuration.setTenantCheckEnabled(true);
    configuration.setAuthorizationEnabled(true);
    engine = MemoryEngine.startOnAnyDatabase("lives-test", configuration);
    database = new EngineDatabase(configuration);
    jdbc = new JdbcTemplate(configuration.getDataSource());
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  @AfterEach
  void forgetAll() {
    engine.getIdentityService().clearAuthentication();
    jdbc.execute("DELETE FROM UNICORE_DASK_LIFE");
    jdbc.execute("DELETE FROM UNICORE_DASK_WORKERS");
    jdbc.execute("DELETE FROM ACT_RU_AUTHORIZATION");
  }

  @Test
  void whoMayReadAnInstanceAsItRunsSeesItsClusterUntilThatIsOver() {
    add("living", null);
    add("over", 1L);
    grant(Authorization.AUTH_TYPE_GRANT, "alice", null, Resources.PROCESS_INSTANCE, "living");
    grant(Authorization.AUTH_TYPE_GRANT, "alice", null, Resources.PROCESS_INSTANCE, "over");

    assertThat(seenBy("alice")).containsExactly("living");
    assertThat(seenBy("bob")).isEmpty();
  }

  @Test
  void whoMayReadTheHistoryOfAnInstanceSeesItsClusterForEver() {
    add("living", null);
    add("over", 1L);
    add("another", 1L);
    for (String instance : List.of("living", "over")) {
      grant(
          Authorization.AUTH_TYPE_GRANT,
          null,
          "users",
          Resources.HISTORIC_PROCESS_INSTANCE,
          instance);
    }

    assertThat(seenBy("alice")).containsExactlyInAnyOrder("living", "over");
  }

  @Test
  void whatIsRevokedOfAnInstanceIsNotSeen() {
    add("mine", null);
    add("theirs", null);
    grant(Authorization.AUTH_TYPE_GRANT, "alice", null, Resources.PROCESS_INSTANCE, "*");
    grant(Authorization.AUTH_TYPE_REVOKE, "alice", null, Resources.PROCESS_INSTANCE, "theirs");

    assertThat(seenBy("alice")).containsExactly("mine");
  }

  @Test
  void aProcessIsReadAsItRunsOrWithItsHistory() {
    add("living", null);
    add("over", 1L);
    grant("alice", ProcessDefinitionPermissions.READ_INSTANCE);
    grant("bob", ProcessDefinitionPermissions.READ_HISTORY);
    grant("carol", ProcessDefinitionPermissions.READ);

    assertThat(seenBy("alice")).containsExactly("living");
    assertThat(seenBy("bob")).containsExactlyInAnyOrder("living", "over");
    assertThat(seenBy("carol")).isEmpty();
  }

  @Test
  void whatIsAnotherTenantsIsNotSeen() {
    add("nobodys", null);
    add("ours", null);
    add("theirs", null);
    jdbc.update(
        "UPDATE UNICORE_DASK_LIFE SET TENANT_ID_ = INSTANCE_ID_ WHERE INSTANCE_ID_ <> 'nobodys'");
    grant("alice", ProcessDefinitionPermissions.READ_HISTORY);

    engine.getIdentityService().setAuthentication("alice", GROUPS, List.of("ours"));
    assertThat(page(0, 10)).containsExactlyInAnyOrder("nobodys", "ours");
  }

  @Test
  void ofTenThousandAPageIsReadByItsIndexAndAllAreCounted() {
    assumeFalse(
        configuration.getDatabaseType().equals("mysql"),
        "MariaDB 10.11.19 crashes as long as it has not counted that there are so many");
    addMany();
    engine.getIdentityService().setAuthentication("alice", GROUPS, List.of());

    assertThat(page(20, 50)).hasSize(50).startsWith("i9979").endsWith("i9930");
    assertThat(this.<Long>read(lives -> lives.count(filter(0, 50)))).isEqualTo(MANY);
    // Others say otherwise how they read.
    if (configuration.getDatabaseType().equals("h2")) {
      assertThat(plan()).contains("UNICORE_DASK_IDX_LIFE_STARTED").contains("index sorted");
    }
  }

  private static String plan() {
    return read(
        lives -> {
          Condition which = lives.which(filter(0, 50));
          List<Object> arguments = new ArrayList<>(which.arguments());
          arguments.addAll(List.of(0, 50));
          return jdbc.queryForObject(
              "EXPLAIN " + lives.select(which), String.class, arguments.toArray());
        });
  }

  @Test
  void aLifeGoesWithTheHistoryOfItsInstanceAndAnyOtherStays() {
    String there = start("short");
    add(there, 1L);
    add("removed", 1L);
    add("living", null);
    new WorkerRows(database).add("removed", new WorkerRows.Count(1, 1, 1));
    new WorkerRows(database).add("living", new WorkerRows.Count(1, 1, 1));

    new LifeRows(database).forget("ACT_HI_PROCINST");

    assertThat(jdbc.queryForList("SELECT INSTANCE_ID_ FROM UNICORE_DASK_LIFE", String.class))
        .containsExactlyInAnyOrder(there, "living");
    assertThat(jdbc.queryForList("SELECT LIFE_ID_ FROM UNICORE_DASK_WORKERS", String.class))
        .containsOnly("living");
  }

  @Test
  void ofManyChangesTheOlderOnesAreThinnedOut() {
    WorkerRows rows = new WorkerRows(database);
    for (int i = 0; i <= WorkerRows.MOST; i++) {
      rows.add("life", new WorkerRows.Count(i, i, i));
    }
    rows.add("life", new WorkerRows.Count(WorkerRows.MOST, 0, 1));

    assertThat(rows.read("life")).hasSizeLessThan(WorkerRows.MOST);
    assertThat(rows.read("life").get(0).at()).isZero();
    assertThat(rows.read("life"))
        .endsWith(
            new WorkerRows.Count(WorkerRows.MOST - 1, WorkerRows.MOST - 1, WorkerRows.MOST - 1),
            new WorkerRows.Count(WorkerRows.MOST, 0, 1));
  }

  @Test
  void whatANodeOfAnEarlierVersionHasBegunOrEndedIsMadeUpFor() {
    String instance = start("waiting");
    ClusterTables tables = new ClusterTables(database);
    ClusterRequest request =
        ClusterRequest.read(Map.of("workers", 3), new Sites(List.of(TestSites.unreachable("hpc"))))
            .value();
    tables.insert("e1-c1", instance, "a name", request, new Owner("alice", ClusterIdentity.SHARED));
    engine.getRuntimeService().setVariable(instance, "clusterStatus", "RUNNING");
    engine.getRuntimeService().setVariable(instance, "endedBy", 5);

    new LifeUpkeep(engine, database, Instant::now).round();

    ClusterSummary living = only();
    assertThat(living.id()).isEqualTo(instance);
    assertThat(living.process()).isEqualTo("waiting");
    assertThat(living.user()).isEqualTo("alice");
    assertThat(living.site()).isEqualTo("hpc");
    assertThat(living.size()).isEqualTo("3 workers");
    assertThat(living.status()).isEqualTo("RUNNING");

    engine
        .getRuntimeService()
        .setVariables(
            instance,
            Map.of("clusterStatus", "FAILED", "errorCode", "DASK_X", "errorMessage", "why"));
    jdbc.execute("DELETE FROM UNICORE_DASK_CLUSTER");
    new LifeUpkeep(engine, database, Instant::now).round();

    ClusterSummary over = only();
    assertThat(over.ended()).isNotNull();
    assertThat(over.status()).isEqualTo("FAILED");
    assertThat(over.errorCode()).isEqualTo("DASK_X");
    assertThat(over.endedBy()).as("what somebody has written there is no text").isNull();
    assertThat(over.errorMessage()).isEqualTo("why");
  }

  private static ClusterSummary only() {
    List<Life> all = read(lives -> lives.page(filter(0, 10)));
    assertThat(all).hasSize(1);
    return all.get(0).summary();
  }

  private static String start(String process) {
    var begun = Bpmn.createExecutableProcess(process).camundaHistoryTimeToLive(1).startEvent();
    engine
        .getRepositoryService()
        .createDeployment()
        .addModelInstance(
            process + ".bpmn",
            (process.equals("waiting") ? begun.userTask().endEvent() : begun.endEvent()).done())
        .deploy();
    return engine.getRuntimeService().startProcessInstanceByKey(process).getId();
  }

  private static void add(String instance, Long ended) {
    add(List.of(instance), ended);
  }

  private static void add(List<String> instances, Long ended) {
    List<Object[]> rows = new ArrayList<>();
    for (int i = 0; i < instances.size(); i++) {
      rows.add(new Object[] {instances.get(i), instances.get(i), i, ended});
    }
    jdbc.batchUpdate(
        "INSERT INTO UNICORE_DASK_LIFE (ID_, INSTANCE_ID_, PROCESS_, STATUS_, STARTED_, ENDED_, NODES_, COUNTED_, NODE_MILLIS_) VALUES (?, ?, 'dask-cluster', 'STOPPED', ?, ?, 0, 0, 0)",
        rows);
  }

  /** All of one user, to whom each is granted, as starts do it. */
  private static void addMany() {
    List<String> instances = new ArrayList<>();
    List<Object[]> grants = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      instances.add("i" + i);
      grants.add(
          new Object[] {
            "a" + i,
            "alice",
            Resources.HISTORIC_PROCESS_INSTANCE.resourceType(),
            "i" + i,
            ProcessInstancePermissions.READ.getValue()
          });
    }
    add(instances, 1L);
    jdbc.batchUpdate(
        "INSERT INTO ACT_RU_AUTHORIZATION (ID_, REV_, TYPE_, USER_ID_, RESOURCE_TYPE_, RESOURCE_ID_, PERMS_) VALUES (?, 1, 1, ?, ?, ?, ?)",
        grants);
  }

  private static void grant(
      int type, String user, String group, Resource resource, String instance) {
    Authorization grant = engine.getAuthorizationService().createNewAuthorization(type);
    if (user != null) {
      grant.setUserId(user);
    } else {
      grant.setGroupId(group);
    }
    grant.setResource(resource);
    grant.setResourceId(instance);
    Permission read =
        resource == Resources.PROCESS_INSTANCE
            ? ProcessInstancePermissions.READ
            : HistoricProcessInstancePermissions.READ;
    if (type == Authorization.AUTH_TYPE_GRANT) {
      grant.addPermission(read);
    } else {
      grant.removePermission(read);
    }
    engine.getAuthorizationService().saveAuthorization(grant);
  }

  private static void grant(String user, Permission permission) {
    Authorization grant =
        engine.getAuthorizationService().createNewAuthorization(Authorization.AUTH_TYPE_GRANT);
    grant.setUserId(user);
    grant.setResource(Resources.PROCESS_DEFINITION);
    grant.setResourceId("dask-cluster");
    grant.addPermission(permission);
    engine.getAuthorizationService().saveAuthorization(grant);
  }

  private static List<String> seenBy(String user) {
    engine.getIdentityService().setAuthentication(user, GROUPS, List.of());
    try {
      List<String> seen = page(0, 10);
      assertThat(LivesTest.<Long>read(lives -> lives.count(filter(0, 10)))).isEqualTo(seen.size());
      return seen;
    } finally {
      engine.getIdentityService().clearAuthentication();
    }
  }

  private static List<String> page(int firstResult, int maxResults) {
    List<Life> page = read(lives -> lives.page(filter(firstResult, maxResults)));
    return page.stream().map(life -> life.summary().id()).toList();
  }

  private static <T> T read(Function<Lives, T> work) {
    return database.inTransaction(context -> work.apply(new Lives(database, context)));
  }

  private static ClusterFilter filter(int firstResult, int maxResults) {
    return new ClusterFilter(State.ALL, null, null, null, null, firstResult, maxResults);
  }
}

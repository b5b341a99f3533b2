package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.javacrumbs.shedlock.core.LockProvider;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.cfg.StandaloneInMemProcessEngineConfiguration;
import org.camunda.bpm.engine.impl.persistence.entity.JobEntity;
import org.camunda.bpm.engine.repository.Deployment;
import org.camunda.bpm.engine.runtime.Job;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of several nodes of an engine one looks after the clusters, and a dead one is replaced. */
class NodesTest {

  private static final Duration LENGTH = Duration.ofSeconds(2);

  private static final ProcessEngine ONE = node("one");
  private static final ProcessEngine OTHER = node("other");

  private static ProcessEngine node(String name) {
    ProcessEngineConfigurationImpl configuration = new StandaloneInMemProcessEngineConfiguration();
    configuration.setProcessEnginePlugins(List.of(new DaskProcessEnginePlugin()));
    return configuration
        .setJdbcUrl("jdbc:h2:mem:nodes;DB_CLOSE_DELAY=-1")
        .setDatabaseSchemaUpdate("true")
        .setProcessEngineName(name)
        .buildProcessEngine();
  }

  @BeforeEach
  void forgetTheOtherTests() throws SQLException {
    locks(ONE);
    execute("DELETE FROM UNICORE_DASK_LOCK");
    ONE.getRepositoryService().createDeploymentQuery().list().stream()
        .map(Deployment::getId)
        .forEach(id -> ONE.getRepositoryService().deleteDeployment(id, true));
  }

  @AfterAll
  static void close() {
    ONE.close();
    OTHER.close();
  }

  private static LockProvider locks(ProcessEngine node) {
    return new LockTable(node).locks(Nodes.nameOf(node));
  }

  @Test
  void onlyOneIsOnDutyAndTheOtherTakesOverAtOnceWhenItLeaves() {
    AtomicInteger onDuty = new AtomicInteger();
    Duty first = new Duty(ONE, LENGTH);
    first.start(onDuty::incrementAndGet, onDuty::decrementAndGet);
    await().until(() -> onDuty.get() == 1);

    AtomicInteger otherOnDuty = new AtomicInteger();
    try (Duty second = new Duty(OTHER, LENGTH)) {
      second.start(otherOnDuty::incrementAndGet, otherOnDuty::decrementAndGet);
      await().during(LENGTH).until(() -> onDuty.get() == 1 && otherOnDuty.get() == 0);

      first.close();
      assertThat(onDuty).hasValue(0);
      await().until(() -> otherOnDuty.get() == 1);
    }
    assertThat(otherOnDuty).hasValue(0);
  }

  @Test
  void aNodeThatDiesIsReplacedAfterTheLease() {
    Lease ofTheDead = new Lease(locks(ONE), "duty", LENGTH);
    ofTheDead.renew();
    Instant died = Instant.now();

    AtomicInteger onDuty = new AtomicInteger();
    try (Duty survivor = new Duty(OTHER, LENGTH)) {
      survivor.start(onDuty::incrementAndGet, onDuty::decrementAndGet);
      await().atMost(Duration.ofSeconds(10)).until(() -> onDuty.get() == 1);
      assertThat(Duration.between(died, Instant.now())).isGreaterThan(LENGTH.dividedBy(2));
      assertThat(ofTheDead.isHeld()).as("the dead one thinks it has the lease").isFalse();
      ofTheDead.renew();
      assertThat(ofTheDead.isHeld()).isFalse();
    }
  }

  @Test
  void aNodeThatCannotReachTheDatabaseIsOffDutyWhenItsLeaseIsOver() throws SQLException {
    AtomicInteger onDuty = new AtomicInteger();
    try (Duty duty = new Duty(ONE, LENGTH)) {
      duty.start(onDuty::incrementAndGet, onDuty::decrementAndGet);
      await().until(() -> onDuty.get() == 1);

      execute("ALTER TABLE UNICORE_DASK_LOCK RENAME TO AWAY");
      await().atMost(LENGTH.multipliedBy(3)).until(() -> onDuty.get() == 0);

      execute("ALTER TABLE AWAY RENAME TO UNICORE_DASK_LOCK");
      await().atMost(LENGTH.multipliedBy(5)).until(() -> onDuty.get() == 1);
    }
  }

  @Test
  void theJobsThatADeadNodeLockedAreTakenOver() throws SQLException {
    Job job = aJobLockedBy(Nodes.nameOf(OTHER));
    Nodes living = new Nodes(ONE, locks(ONE), LENGTH);
    Nodes dying = new Nodes(OTHER, locks(OTHER), LENGTH);
    living.renew();
    dying.renew();

    living.freeJobsOfDeadNodes();
    assertThat(lockOwnerOf(job)).as("while it lives").isEqualTo(Nodes.nameOf(OTHER));

    await()
        .atMost(LENGTH.multipliedBy(4))
        .until(
            () -> {
              living.renew();
              living.freeJobsOfDeadNodes();
              return lockOwnerOf(job) == null;
            });
  }

  @Test
  void theNodeOnDutyTakesThemOver() throws SQLException {
    Job job = aJobLockedBy(Nodes.nameOf(OTHER));
    try (Duty duty = new Duty(ONE, LENGTH)) {
      duty.start(() -> {}, () -> {});
      await().until(() -> lockOwnerOf(job) == null);
    }
  }

  @Test
  void aNodeIsKnownToBeAliveUntilItLeavesAndThenNothingIsHeldBack() {
    AtomicInteger onDuty = new AtomicInteger();
    Duty duty = new Duty(ONE, LENGTH);
    duty.start(onDuty::incrementAndGet, onDuty::decrementAndGet);
    await().until(() -> onDuty.get() == 1);
    assertThat(isFree(Nodes.nameOf(ONE))).as("while it is there").isFalse();

    duty.close();

    assertThat(isFree(Nodes.nameOf(ONE))).isTrue();
    assertThat(isFree("duty")).isTrue();
  }

  private static boolean isFree(String lease) {
    return new Lease(locks(OTHER), lease, LENGTH).isFree();
  }

  @Test
  void theJobsOfNodesWithoutThePluginAreLeftToTheEngine() throws SQLException {
    Job job = aJobLockedBy("somebody-else");
    Nodes nodes = new Nodes(ONE, locks(ONE), LENGTH);
    nodes.renew();
    nodes.freeJobsOfDeadNodes();
    assertThat(lockOwnerOf(job)).isEqualTo("somebody-else");
  }

  private Job aJobLockedBy(String owner) throws SQLException {
    ONE.getRepositoryService()
        .createDeployment()
        .addModelInstance(
            "p.bpmn",
            Bpmn.createExecutableProcess("p")
                .camundaHistoryTimeToLiveString("P1D")
                .startEvent()
                .camundaAsyncAfter()
                .endEvent()
                .done())
        .deploy();
    ONE.getRuntimeService().startProcessInstanceByKey("p");
    execute(
        "UPDATE ACT_RU_JOB SET LOCK_OWNER_ = '%s', LOCK_EXP_TIME_ = DATEADD('MINUTE', 5, NOW())"
            .formatted(owner));
    return ONE.getManagementService().createJobQuery().messages().singleResult();
  }

  private String lockOwnerOf(Job job) {
    return ((JobEntity)
            ONE.getManagementService().createJobQuery().jobId(job.getId()).singleResult())
        .getLockOwner();
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection =
            ((ProcessEngineConfigurationImpl) ONE.getProcessEngineConfiguration())
                .getDataSource()
                .getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}

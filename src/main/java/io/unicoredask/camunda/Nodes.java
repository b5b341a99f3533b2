package io.unicoredask.camunda;

import java.time.Duration;
import java.util.UUID;
import net.javacrumbs.shedlock.core.LockProvider;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.cmd.UnlockJobCmd;
import org.camunda.bpm.engine.impl.jobexecutor.JobExecutor;
import org.camunda.bpm.engine.impl.persistence.entity.JobEntity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The engine's nodes, as far as they run this plugin: each holds a lease under the name that its
 * job executor locks jobs with. The jobs of a node whose lease has run out are given to the others
 * at once, instead of after the five minutes that the engine locks them for.
 */
class Nodes {

  private static final Logger LOG = LoggerFactory.getLogger(Nodes.class);
  private static final String PREFIX = "unicore-dask-";

  private final ProcessEngineConfigurationImpl engine;
  private final LockProvider locks;
  private final Duration length;
  private final Lease self;

  Nodes(ProcessEngine engine, LockProvider locks, Duration length) {
    this.engine = (ProcessEngineConfigurationImpl) engine.getProcessEngineConfiguration();
    this.locks = locks;
    this.length = length;
    this.self = new Lease(locks, nameOf(engine), length);
  }

  /** The name of the node that this engine is. */
  static String nameOf(ProcessEngine engine) {
    return ((ProcessEngineConfigurationImpl) engine.getProcessEngineConfiguration())
        .getJobExecutor()
        .getLockOwner();
  }

  /** Gives a job executor a name that tells it from those of nodes without this plugin. */
  static void name(JobExecutor executor) {
    executor.setLockOwner(PREFIX + UUID.randomUUID());
  }

  /** Says that this node is alive. */
  void renew() {
    self.renew();
  }

  void leave() {
    self.release();
  }

  /** Unlocks the jobs of nodes that are no more. */
  void freeJobsOfDeadNodes() {
    try {
      jobs()
          .queryForList(
              "SELECT DISTINCT LOCK_OWNER_ FROM %s WHERE LOCK_OWNER_ LIKE ?".formatted(table()),
              String.class,
              PREFIX + "%")
          .stream()
          .filter(owner -> !owner.equals(engine.getJobExecutor().getLockOwner()))
          .filter(owner -> new Lease(locks, owner, length).isFree())
          .forEach(this::unlock);
    } catch (DataAccessException e) {
      LOG.warn("Could not look for jobs that a dead node has locked; looking again", e);
    }
  }

  private void unlock(String owner) {
    jobs()
        .queryForList(
            "SELECT ID_ FROM %s WHERE LOCK_OWNER_ = ?".formatted(table()), String.class, owner)
        .forEach(
            job -> {
              try {
                engine.getCommandExecutorTxRequired().execute(new UnlockJobCmd(job));
                LOG.info("Took over job {} of {}, which is gone", job, owner);
              } catch (RuntimeException e) {
                LOG.info("Did not take over job {} of {}: {}", job, owner, e.toString());
              }
            });
  }

  private JdbcTemplate jobs() {
    return new JdbcTemplate(engine.getDataSource());
  }

  private String table() {
    return engine.getManagementService().getTableName(JobEntity.class);
  }
}

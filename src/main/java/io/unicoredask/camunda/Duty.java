package io.unicoredask.camunda;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import net.javacrumbs.shedlock.core.LockProvider;
import org.camunda.bpm.engine.ProcessEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that one of the engine's nodes, and no other, looks after the clusters: watches the
 * sites, has the local ports open, sweeps. When it dies, another takes over after the length of the
 * lease; when it shuts down, at once.
 */
class Duty implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Duty.class);
  private static final int RENEWALS = 4;

  private final Nodes nodes;
  private final Lease lease;
  private final Duration length;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread daemon = new Thread(work, "unicore-dask-lease");
            daemon.setDaemon(true);
            return daemon;
          });
  private Runnable lost;
  private volatile boolean onDuty;

  Duty(ProcessEngine engine, Duration length) {
    LockProvider locks = new LockTable(engine).locks(Nodes.nameOf(engine));
    this.nodes = new Nodes(engine, locks, length);
    this.lease = new Lease(locks, "duty", length);
    this.length = length;
  }

  /**
   * @param gained run when this node is to look after the clusters
   * @param lost run when it is to do so no longer
   */
  void start(Runnable gained, Runnable lost) {
    this.lost = lost;
    thread.scheduleWithFixedDelay(
        () -> renew(gained), 0, length.toMillis() / RENEWALS, TimeUnit.MILLISECONDS);
  }

  boolean isOnDuty() {
    return onDuty;
  }

  private synchronized void renew(Runnable gained) {
    try {
      nodes.renew();
      lease.renew();
      if (lease.isHeld() && !onDuty) {
        LOG.info("This node looks after the Dask clusters now");
        gained.run();
        onDuty = true;
      } else if (!lease.isHeld() && onDuty) {
        LOG.warn("Another node looks after the Dask clusters now, or the database is away");
        leave();
      }
      if (onDuty) {
        nodes.freeJobsOfDeadNodes();
      }
    } catch (RuntimeException e) {
      LOG.error("Looking after the Dask clusters failed; trying again", e);
    }
  }

  private void leave() {
    onDuty = false;
    lost.run();
  }

  @Override
  public void close() {
    thread.shutdownNow();
    synchronized (this) {
      if (onDuty) {
        leave();
      }
      lease.release();
      nodes.leave();
    }
  }
}

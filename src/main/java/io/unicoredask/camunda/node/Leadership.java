package io.unicoredask.camunda.node;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.provider.jdbctemplate.JdbcTemplateLockProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Sees to it that one of the engine's nodes, and no other, looks after the clusters: watches the
 * sites, has the local ports open, sweeps. When it dies, another takes over after the length of the
 * lease; when it shuts down, at once.
 */
public final class Leadership implements AutoCloseable {

  /** The name of the lock that the leading node has. */
  public static final String LOCK = "duty";

  private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
  private static final int RENEWALS = 4;

  private final String node = "unicore-dask-" + UUID.randomUUID();
  private final Lease lease;
  private final Duration length;
  private final ScheduledExecutorService renewing =
      Executors.newSingleThreadScheduledExecutor(daemon("unicore-dask-lease"));

  /** Apart from the lease's thread: what ends slowly must not make a living node look dead. */
  private final ExecutorService changing =
      Executors.newSingleThreadExecutor(daemon("unicore-dask-leadership"));

  private Runnable gained;
  private BooleanSupplier lost;
  private boolean leads;

  /**
   * @param database the engine's
   * @param table the table of locks
   * @param length how long after its last sign of life a node is replaced
   */
  public Leadership(DataSource database, String table, Duration length) {
    LockProvider locks =
        new JdbcTemplateLockProvider(
            JdbcTemplateLockProvider.Configuration.builder()
                .withJdbcTemplate(new JdbcTemplate(database))
                .withTableName(table)
                .withLockedByValue(node)
                .usingDbTime()
                .build());
    this.lease = new Lease(locks, LOCK, length);
    this.length = length;
  }

  private static ThreadFactory daemon(String name) {
    return work -> {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** This node's name, which no other has. */
  public String node() {
    return node;
  }

  /** Whether this node surely leads now. */
  public boolean isHeld() {
    return lease.isHeld();
  }

  /**
   * Begins to take part in who leads.
   *
   * @param gained run when this node is to look after the clusters
   * @param lost run when it is to do so no longer; returns whether nothing is done any more
   */
  public void start(Runnable gained, BooleanSupplier lost) {
    this.gained = gained;
    this.lost = lost;
    renewing.scheduleWithFixedDelay(
        this::renew, 0, length.toMillis() / RENEWALS, TimeUnit.MILLISECONDS);
  }

  private void renew() {
    lease.renew();
    changing.execute(this::change);
  }

  private synchronized void change() {
    try {
      if (lease.isHeld() && !leads) {
        LOG.info("This node looks after the Dask clusters now");
        leads = true;
        gained.run();
      } else if (!lease.isHeld() && leads) {
        LOG.warn("Another node looks after the Dask clusters now, or the database is away");
        leads = false;
        if (!lost.getAsBoolean()) {
          LOG.info("Something is still being done here for the Dask clusters");
        }
      }
    } catch (RuntimeException e) {
      LOG.error("Looking after the Dask clusters failed; trying again", e);
      leads = false;
    }
  }

  /** Another node can have it at once, unless something is still being done here. */
  @Override
  public void close() {
    changing.shutdown();
    synchronized (this) {
      boolean quiet = !leads || lost.getAsBoolean();
      leads = false;
      renewing.shutdownNow();
      try {
        renewing.awaitTermination(length.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (quiet) {
        lease.release();
      } else {
        LOG.warn("Something is still being done at a site; another node takes over in {}", length);
      }
    }
  }
}

package io.unicoredask.cluster.keeper;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done again and again beside the keepers, on threads of its own. */
class Chores {

  private static final Logger LOG = LoggerFactory.getLogger(Chores.class);

  private final ScheduledExecutorService clock;
  private final ExecutorService threads;

  /**
   * @param clock says when it is time; nothing is done any more when it is shut down
   */
  Chores(ScheduledExecutorService clock, ThreadFactory threads) {
    this.clock = clock;
    this.threads = Executors.newCachedThreadPool(threads);
  }

  /** Does this soon, and again after each pause. */
  void repeat(Runnable work, Duration pause) {
    schedule(work, Duration.ZERO, pause);
  }

  private void schedule(Runnable work, Duration first, Duration pause) {
    try {
      clock.schedule(
          () -> threads.execute(() -> once(work, pause)), first.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // this node no longer looks after the clusters
    }
  }

  private void once(Runnable work, Duration pause) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.warn("It failed, and is tried again in {}", pause, e);
    }
    schedule(work, pause, pause);
  }

  void stop() {
    threads.shutdownNow();
  }
}

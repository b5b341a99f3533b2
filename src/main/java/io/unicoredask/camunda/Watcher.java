package io.unicoredask.camunda;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.camunda.bpm.engine.ProcessEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, for every waiting activity, whether what it waits for has come about, and wakes it by its
 * execution's id when it has.
 *
 * <p>Who waits is read from the engine's database, so that nothing is forgotten by a restart;
 * activities that begin to wait in this process are looked after at once.
 */
class Watcher implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);

  /** So many that those who wait for one slow site hardly hold up those who wait for another. */
  private static final int THREADS = 32;

  private static final long REFRESH_MILLIS = 2000;

  private final Supplier<ProcessEngine> engine;
  private final WatchPace pace;
  private final Map<String, Watched> activities = new ConcurrentHashMap<>();
  private final Map<String, Wait> waits = new ConcurrentHashMap<>();
  private ScheduledThreadPoolExecutor threads;

  Watcher(Supplier<ProcessEngine> engine, WatchPace pace) {
    this.engine = engine;
    this.pace = pace;
  }

  /** Says what to do for those who wait under this name. */
  void watches(String name, Watched activity) {
    activities.put(name, activity);
  }

  synchronized void start() {
    if (threads == null) {
      threads = new ScheduledThreadPoolExecutor(THREADS, WatcherThread::new);
      threads.setRemoveOnCancelPolicy(true);
      threads.scheduleWithFixedDelay(this::refresh, 0, REFRESH_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Does this as well, at once and again and again until the close. */
  synchronized void repeat(Runnable work, Duration pause) {
    threads.scheduleWithFixedDelay(
        () -> {
          try {
            work.run();
          } catch (RuntimeException e) {
            LOG.warn("It failed, and is tried again in {}", pause, e);
          }
        },
        0,
        pause.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  /** Looks after an execution that has begun to wait. Does nothing before the start. */
  synchronized void watch(String executionId, String name) {
    if (threads != null) {
      waits.computeIfAbsent(executionId, id -> begin(id, name));
    }
  }

  @Override
  public synchronized void close() {
    if (threads != null) {
      threads.shutdownNow();
      threads = null;
      waits.clear();
    }
  }

  private Wait begin(String executionId, String name) {
    Wait wait = new Wait(executionId, activities.get(name), engine.get(), pace);
    schedule(wait, 0);
    return wait;
  }

  private void schedule(Wait wait, long delayMillis) {
    threads.schedule(() -> look(wait), delayMillis, TimeUnit.MILLISECONDS);
  }

  private void look(Wait wait) {
    boolean goesOn = wait.look();
    synchronized (this) {
      if (threads == null) {
        return;
      }
      if (goesOn) {
        schedule(wait, Jitter.spread(wait.nextLook()).toMillis());
      } else {
        waits.remove(wait.executionId());
      }
    }
  }

  private void refresh() {
    try {
      engine
          .get()
          .getRuntimeService()
          .createVariableInstanceQuery()
          .variableName(DaskVariables.WAITING)
          .list()
          .forEach(waiting -> watch(waiting.getExecutionId(), (String) waiting.getValue()));
    } catch (RuntimeException e) {
      LOG.warn("Could not ask the engine who waits for a Dask cluster; asking again", e);
    }
  }

  private static class WatcherThread extends Thread {
    WatcherThread(Runnable work) {
      super(work, "unicore-dask-watcher");
      setDaemon(true);
    }
  }
}

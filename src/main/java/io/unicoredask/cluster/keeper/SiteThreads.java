package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.LogContext;
import io.unicoredask.cluster.site.RequestBudget;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * The threads that work for one site's clusters, so that a site that hangs keeps no other waiting.
 * What is routine gets no more than a share of the site's budget of requests, and no more than half
 * of the threads: the rest is for what people wait for.
 */
class SiteThreads {

  private static final int THREADS = 16;
  private static final int ROUTINE_AT_ONCE = THREADS / 2;
  private static final double ROUTINE_SHARE = 0.85;
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration IDLE = Duration.ofMinutes(1);

  private final ThreadPoolExecutor keepers;

  /** What a keeper has done by several at once: were they of the same threads, all could wait. */
  private final ThreadPoolExecutor hands;

  private final RequestBudget budget;
  private final ScheduledExecutorService clock;
  private final long nanosARequest;
  private final Queue<Runnable> routine = new ArrayDeque<>();
  private long nextRoutine = System.nanoTime();
  private int routineNow;
  private boolean waiting;

  SiteThreads(String site, RequestBudget budget, ScheduledExecutorService clock) {
    this.budget = budget;
    this.clock = clock;
    this.nanosARequest = (long) (budget.nanosARequest() / ROUTINE_SHARE);
    this.keepers = pool("unicore-dask-" + site);
    this.hands = pool("unicore-dask-" + site + "-hands");
  }

  private static ThreadPoolExecutor pool(String name) {
    AtomicInteger made = new AtomicInteger();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE.toSeconds(),
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, name + "-" + made.incrementAndGet());
              thread.setDaemon(true);
              thread.setContextClassLoader(SiteThreads.class.getClassLoader());
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** Does it as soon as there is a thread. */
  void urgently(Runnable work) {
    keepers.execute(work);
  }

  /** Does it when the share for what is routine allows. */
  synchronized void routinely(Runnable work) {
    routine.add(work);
    dispatch();
  }

  /** Does something for each of many, several at once. */
  <T, R> List<R> inParallel(Collection<T> items, Function<T, List<R>> work) {
    if (items.size() < 2) {
      return items.stream().flatMap(item -> work.apply(item).stream()).toList();
    }
    List<R> results = new ArrayList<>();
    try {
      List<Callable<List<R>>> parts =
          items.stream().map(item -> LogContext.ofThisThread(() -> work.apply(item))).toList();
      for (Future<List<R>> part : hands.invokeAll(parts)) {
        results.addAll(part.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("this node no longer looks after the clusters");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      // Work throws nothing checked.
      throw (RuntimeException) e.getCause();
    }
  }

  private synchronized void dispatch() {
    while (!routine.isEmpty() && routineNow < ROUTINE_AT_ONCE) {
      long now = System.nanoTime();
      long wait = nextRoutine - now;
      if (wait > 0) {
        if (!waiting) {
          waiting = true;
          clock.schedule(this::goOn, wait, TimeUnit.NANOSECONDS);
        }
        return;
      }
      nextRoutine = Math.max(nextRoutine, now - nanosARequest) + nanosARequest;
      routineNow++;
      Runnable next = routine.poll();
      keepers.execute(() -> run(next));
    }
  }

  private synchronized void goOn() {
    waiting = false;
    dispatch();
  }

  private void run(Runnable work) {
    long before = budget.requestsOfThisThread();
    try {
      budget.routinely(
          () -> {
            work.run();
            return null;
          });
    } finally {
      hasRun(budget.requestsOfThisThread() - before);
    }
  }

  /** One request was counted beforehand. */
  private synchronized void hasRun(long requests) {
    routineNow--;
    nextRoutine += (requests - 1) * nanosARequest;
    dispatch();
  }

  /** Ends, and returns whether nothing is done any more. */
  boolean stop() {
    return stop(PATIENCE);
  }

  /** The same, with so much time for what is being done. */
  boolean stop(Duration patience) {
    keepers.shutdownNow();
    hands.shutdownNow();
    long end = System.nanoTime() + patience.toNanos();
    try {
      return keepers.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)
          && hands.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}

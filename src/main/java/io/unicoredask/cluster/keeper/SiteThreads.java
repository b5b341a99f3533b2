package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.site.RequestBudget;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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

  private final ForkJoinPool pool;
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
    this.pool =
        new ForkJoinPool(
            THREADS,
            owner -> {
              ForkJoinWorkerThread thread =
                  ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(owner);
              thread.setName("unicore-dask-" + site + "-" + thread.getPoolIndex());
              thread.setContextClassLoader(SiteThreads.class.getClassLoader());
              return thread;
            },
            null,
            true);
  }

  /** Does it as soon as there is a thread. */
  void urgently(Runnable work) {
    pool.execute(work);
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
    if (ForkJoinTask.getPool() != pool) {
      return pool.submit(() -> inParallel(items, work)).join();
    }
    return items.parallelStream().flatMap(item -> work.apply(item).stream()).toList();
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
      pool.execute(() -> run(next));
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
    pool.shutdownNow();
    try {
      return pool.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}

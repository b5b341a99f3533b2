package io.unicoredask.cluster.site;

import io.unicoredask.unicore.RequestGate;
import io.unicoredask.unicore.SiteListener;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How many requests a site gets in a second, whoever makes them. What was left of the last second
 * may be used at once. Whoever is too fast waits: urgent requests go before routine ones, and those
 * of the same kind in the order in which they came.
 */
public final class RequestBudget implements RequestGate {

  /** The most requests per second where nothing else is said. */
  public static final int DEFAULT_RATE = 20;

  private static final int LARGEST_RATE = 10_000;

  private final LongSupplier nanoTime;
  private final long interval;
  private final long burst;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Thread> urgent = new ArrayDeque<>();
  private final Deque<Thread> routine = new ArrayDeque<>();
  private final ThreadLocal<Boolean> isRoutine = ThreadLocal.withInitial(() -> false);
  private final ThreadLocal<Long> made = ThreadLocal.withInitial(() -> 0L);
  private final int perSecond;
  private volatile SiteListener listener = SiteListener.NONE;
  private volatile boolean pausing;

  /** When the next request may be made; it may be as long ago as a second. */
  private long free;

  /**
   * A budget of which nothing is used.
   *
   * @param requestsPerSecond from 1 to 10,000
   * @throws IllegalArgumentException if it is not
   */
  public RequestBudget(int requestsPerSecond) {
    this(requestsPerSecond, System::nanoTime);
  }

  RequestBudget(int requestsPerSecond, LongSupplier nanoTime) {
    if (requestsPerSecond < 1 || requestsPerSecond > LARGEST_RATE) {
      throw new IllegalArgumentException(
          "max-requests-per-second = %d; allowed is a whole number from 1 to %d"
              .formatted(requestsPerSecond, LARGEST_RATE));
    }
    perSecond = requestsPerSecond;
    interval = TimeUnit.SECONDS.toNanos(1) / requestsPerSecond;
    burst = (requestsPerSecond - 1) * interval;
    this.nanoTime = nanoTime;
    free = nanoTime.getAsLong() - burst;
  }

  /** Does some work whose requests somebody waits for, as those of a thread are by default. */
  public <T> T urgently(Supplier<T> work) {
    return as(false, work);
  }

  /** Does some work whose requests may wait for urgent ones of other threads. */
  public <T> T routinely(Supplier<T> work) {
    return as(true, work);
  }

  private <T> T as(boolean wanted, Supplier<T> work) {
    boolean before = isRoutine.get();
    isRoutine.set(wanted);
    try {
      return work.get();
    } finally {
      isRoutine.set(before);
    }
  }

  /** Has somebody told how the requests go; before the first one, so that none is missed. */
  public void listen(SiteListener told) {
    listener = told;
  }

  @Override
  public void requested(String call, Outcome outcome, Duration took) {
    listener.requested(call, outcome, took);
  }

  @Override
  public void pausing(boolean now) {
    pausing = now;
    listener.pausing(now);
  }

  /** Whether the site is left alone now, since it has not answered several times in a row. */
  public boolean isPausing() {
    return pausing;
  }

  /** The most requests in a second. */
  public int perSecond() {
    return perSecond;
  }

  /**
   * How many requests wait for their turn now.
   *
   * @param routinely whether those that may wait for urgent ones, or the urgent ones
   */
  public int waiting(boolean routinely) {
    lock.lock();
    try {
      return (routinely ? routine : urgent).size();
    } finally {
      lock.unlock();
    }
  }

  /** How long after one request the next may come, on the average. */
  public long nanosARequest() {
    return interval;
  }

  /**
   * How many requests the current thread has made so far: what it is more after a piece of work
   * than before it, that work has made, even if it failed.
   */
  public long requestsOfThisThread() {
    return made.get();
  }

  @Override
  public void pass() throws InterruptedException {
    Deque<Thread> queue = isRoutine.get() ? routine : urgent;
    lock.lockInterruptibly();
    try {
      queue.add(Thread.currentThread());
      awaitTurn();
      free = Math.max(free, nanoTime.getAsLong() - burst) + interval;
      made.set(made.get() + 1);
    } finally {
      queue.remove(Thread.currentThread());
      changed.signalAll();
      lock.unlock();
    }
  }

  private void awaitTurn() throws InterruptedException {
    while (true) {
      if (next() != Thread.currentThread()) {
        changed.await();
        continue;
      }
      long wait = free - nanoTime.getAsLong();
      if (wait <= 0) {
        return;
      }
      changed.awaitNanos(wait);
    }
  }

  private Thread next() {
    return urgent.isEmpty() ? routine.peek() : urgent.peek();
  }
}

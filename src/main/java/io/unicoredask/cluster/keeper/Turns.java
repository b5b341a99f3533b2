package io.unicoredask.cluster.keeper;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Gives a keeper its turns: one at a time, at the time it says, or at once when it is woken. */
class Turns {

  private final Keeper keeper;
  private final SiteThreads threads;
  private final ScheduledExecutorService clock;
  private final Consumer<String> over;

  /** What was scheduled before the newest does not count. */
  private long newest;

  private boolean running;
  private boolean again;

  /**
   * @param over told when there is no more to look after
   */
  Turns(Keeper keeper, SiteThreads threads, ScheduledExecutorService clock, Consumer<String> over) {
    this.keeper = keeper;
    this.threads = threads;
    this.clock = clock;
    this.over = over;
  }

  Keeper keeper() {
    return keeper;
  }

  /** Gives it its first turn. */
  void begin(boolean routine) {
    if (routine) {
      long turn;
      synchronized (this) {
        turn = ++newest;
      }
      come(turn, true);
    } else {
      wake();
    }
  }

  /** Has it look at once, or again if it is just looking. */
  synchronized void wake() {
    if (running) {
      again = true;
    } else {
      long turn = ++newest;
      execute(() -> threads.urgently(() -> run(turn)));
    }
  }

  private void run(long turn) {
    synchronized (this) {
      if (running || turn != newest) {
        return;
      }
      running = true;
    }
    hasRun(keeper.turn());
  }

  private synchronized void hasRun(Next next) {
    running = false;
    if (again) {
      again = false;
      wake();
    } else if (next.pause().isEmpty()) {
      over.accept(keeper.id());
    } else {
      long turn = ++newest;
      long pause = next.pause().get().toMillis();
      execute(() -> clock.schedule(() -> come(turn, next.routine()), pause, TimeUnit.MILLISECONDS));
    }
  }

  private void come(long turn, boolean routine) {
    execute(
        () -> {
          if (routine) {
            threads.routinely(() -> run(turn));
          } else {
            threads.urgently(() -> run(turn));
          }
        });
  }

  /** At the end nobody works any more. */
  private static void execute(Runnable work) {
    try {
      work.run();
    } catch (RejectedExecutionException e) {
      // this node no longer looks after the clusters
    }
  }
}

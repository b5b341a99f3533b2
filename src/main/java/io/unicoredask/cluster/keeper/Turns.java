package io.unicoredask.cluster.keeper;

import java.net.URI;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Gives a keeper its turns: one at a time, at the time it says, or at once when it is woken. */
class Turns {

  private final Keeper keeper;
  private final Steps steps;
  private final SiteThreads threads;
  private final ScheduledExecutorService clock;
  private final Consumer<String> over;

  /** What was scheduled before the newest does not count. */
  private long newest;

  private boolean running;
  private boolean again;

  /** Whether the next turn is to come as soon as what is routine may. */
  private boolean soon;

  private boolean ended;

  /**
   * @param over told when there is no more to look after
   */
  Turns(
      Keeper keeper,
      Steps steps,
      SiteThreads threads,
      ScheduledExecutorService clock,
      Consumer<String> over) {
    this.keeper = keeper;
    this.steps = steps;
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

  /**
   * Has it look soon, as what is routine, if it looks after this job; once, however often this is
   * said until then. When the next turn comes by itself stays as it is.
   */
  synchronized void hint(String site, URI job) {
    if (!ended && keeper.hints(site, job) && !soon) {
      soon = true;
      if (!running) {
        come(newest, true);
      }
    }
  }

  private void run(long turn) {
    synchronized (this) {
      if (running || turn != newest) {
        return;
      }
      running = true;
      soon = false;
      newest++;
    }
    hasRun(steps.of(keeper));
  }

  private synchronized void hasRun(Next next) {
    running = false;
    if (again) {
      again = false;
      wake();
    } else if (next.pause().isEmpty()) {
      ended = true;
      over.accept(keeper.id());
    } else {
      long turn = ++newest;
      long pause = next.pause().get().toMillis();
      execute(() -> clock.schedule(() -> come(turn, next.routine()), pause, TimeUnit.MILLISECONDS));
      if (soon) {
        come(turn, true);
      }
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

package io.unicoredask.cluster.keeper;

import java.time.Duration;
import java.time.Instant;

/** When a keeper's next turn comes: soon at first, then after a pause that grows. */
class Backoff {

  private final Pace pace;
  private Duration pause;

  Backoff(Pace pace) {
    this.pace = pace;
    this.pause = pace.shortest();
  }

  /** Something has changed: soon again. */
  void reset() {
    pause = pace.shortest();
  }

  /**
   * The next turn of a keeper that does what is wanted of its cluster.
   *
   * @param queueing how many clusters wait in the site's queues
   */
  Next next(Demand demand, Instant now, int queueing) {
    Next next = Next.in(Pace.spread(pause), Pace.isRoutine(demand));
    pause = pace.after(pause, demand, now, queueing);
    return next;
  }

  /** That of one that nobody waits for with the hand on the mouse. */
  Next next() {
    Next next = Next.in(Pace.spread(pause), true);
    pause = pace.after(pause);
    return next;
  }
}

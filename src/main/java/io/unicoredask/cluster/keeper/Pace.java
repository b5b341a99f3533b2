package io.unicoredask.cluster.keeper;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often a keeper looks: soon after something has changed, then more and more seldom. What waits
 * in a queue for long is looked at more seldom still.
 *
 * @param shortest the time between two looks just after something changed
 * @param longest the time between two looks when nothing has changed for long
 */
record Pace(Duration shortest, Duration longest) {

  private static final Duration QUEUES = Duration.ofMinutes(2);
  private static final Duration QUEUES_LONG = Duration.ofMinutes(10);

  /** What people do not wait for with the hand on the mouse. */
  private static final Set<Phase> ROUTINE =
      EnumSet.of(
          Phase.ALLOCATE,
          Phase.START_SCHEDULER,
          Phase.SCALE_WORKERS,
          Phase.MONITOR,
          Phase.RUN_SCRIPT,
          Phase.READ_LOGS);

  private static final double SPREAD = 0.2;

  /** How long to wait after having waited for so long. */
  Duration after(Duration previous, Demand demand, Instant now) {
    return longer(previous, longest(demand, now));
  }

  /** The same where nothing waits in a queue. */
  Duration after(Duration previous) {
    return longer(previous, longest);
  }

  private static Duration longer(Duration previous, Duration most) {
    Duration longer = previous.multipliedBy(3).dividedBy(2);
    return longer.compareTo(most) > 0 ? most : longer;
  }

  private Duration longest(Demand demand, Instant now) {
    Instant since =
        demand.waiting().stream()
            .filter(one -> one.phase() == Phase.ALLOCATE || one.phase() == Phase.START_SCHEDULER)
            .map(Waiting::since)
            .findFirst()
            .orElse(now);
    Duration queued = Duration.between(since, now);
    if (queued.compareTo(QUEUES) < 0) {
      return longest;
    }
    return longest.multipliedBy(queued.compareTo(QUEUES_LONG) < 0 ? 3 : 6);
  }

  /** Whether all that is waited for is that a job leaves the queue. */
  static boolean isQueueing(Demand demand) {
    return demand.waiting().stream()
        .allMatch(
            one ->
                one.begun()
                    && (one.phase() == Phase.ALLOCATE || one.phase() == Phase.START_SCHEDULER));
  }

  static boolean isRoutine(Demand demand) {
    return demand.waiting().stream().allMatch(one -> ROUTINE.contains(one.phase()));
  }

  /** Up to a fifth shorter or longer, so that many do not come back at the same moment. */
  static Duration spread(Duration time) {
    double share = ThreadLocalRandom.current().nextDouble(1 - SPREAD, 1 + SPREAD);
    return Duration.ofMillis(Math.round(time.toMillis() * share));
  }
}

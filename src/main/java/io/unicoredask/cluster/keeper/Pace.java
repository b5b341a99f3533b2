package io.unicoredask.cluster.keeper;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often a keeper looks: soon after something has changed, then more and more seldom. What waits
 * in a queue for long is looked at more seldom still, unless little else queues at the site.
 *
 * @param shortest the time between two looks just after something changed
 * @param longest the time between two looks when nothing has changed for long
 */
record Pace(Duration shortest, Duration longest) {

  private static final Duration QUEUES = Duration.ofMinutes(2);

  /** A site is asked so often for all that queues, even if it is little. */
  private static final Duration ONE_OF_THOSE_THAT_QUEUE = Duration.ofSeconds(1);

  private static final Duration SHORTEST_IN_QUEUE = Duration.ofSeconds(2);

  /** What comes up does so within seconds. */
  private static final Set<Phase> COMING_UP =
      EnumSet.of(Phase.AWAIT_SCHEDULER, Phase.FORWARD_PORTS);

  private static final Duration LONGEST_COMING_UP = Duration.ofSeconds(1);
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

  /**
   * How long to wait after having waited for so long.
   *
   * @param queueing how many clusters wait in the site's queues
   */
  Duration after(Duration previous, Demand demand, Instant now, int queueing) {
    return longer(previous, longest(demand, now, queueing));
  }

  /** The same where nothing waits in a queue. */
  Duration after(Duration previous) {
    return longer(previous, longest);
  }

  private static Duration longer(Duration previous, Duration most) {
    Duration longer = previous.multipliedBy(3).dividedBy(2);
    return longer.compareTo(most) > 0 ? most : longer;
  }

  private Duration longest(Demand demand, Instant now, int queueing) {
    if (isQueueing(demand)) {
      Duration fair = max(SHORTEST_IN_QUEUE, ONE_OF_THOSE_THAT_QUEUE.multipliedBy(queueing));
      return min(fair, longestInQueue(demand, now));
    }
    boolean comesUp =
        demand.waiting().stream()
            .anyMatch(
                one -> COMING_UP.contains(one.phase()) && one.since().plus(QUEUES).isAfter(now));
    return comesUp ? min(LONGEST_COMING_UP, longest) : longest;
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private Duration longestInQueue(Demand demand, Instant now) {
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

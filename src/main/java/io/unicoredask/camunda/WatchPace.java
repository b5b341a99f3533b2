package io.unicoredask.camunda;

import java.time.Duration;

/**
 * How often the watcher looks at what is waited for.
 *
 * @param shortest the time between two looks just after something changed
 * @param longest the time between two looks when nothing has changed for long
 * @param incidentAfter how long a site may be out of reach until an incident says so
 * @param lease how long after its last sign of life another node of the engine takes over
 */
public record WatchPace(
    Duration shortest, Duration longest, Duration incidentAfter, Duration lease) {

  /** A lease has to be renewed several times in its length, over a network and a busy database. */
  private static final Duration SHORTEST_LEASE = Duration.ofSeconds(2);

  /**
   * Checks the lease.
   *
   * @throws IllegalArgumentException if it is shorter than two seconds
   */
  public WatchPace {
    if (lease.compareTo(SHORTEST_LEASE) < 0) {
      throw new IllegalArgumentException(
          "unicore-dask.watch.lease = %s; allowed are two seconds and more".formatted(lease));
    }
  }

  Duration first() {
    return shortest;
  }

  Duration after(Duration previous) {
    Duration longer = previous.multipliedBy(3).dividedBy(2);
    return longer.compareTo(longest) > 0 ? longest : longer;
  }
}

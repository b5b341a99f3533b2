package io.unicoredask.camunda;

import java.time.Duration;

/**
 * How often the watcher looks at what is waited for.
 *
 * @param shortest the time between two looks just after something changed
 * @param longest the time between two looks when nothing has changed for long
 * @param incidentAfter how long a site may be out of reach until an incident says so
 */
public record WatchPace(Duration shortest, Duration longest, Duration incidentAfter) {

  /** Half a second to ten seconds, and an incident after five minutes. */
  public static final WatchPace DEFAULT =
      new WatchPace(Duration.ofMillis(500), Duration.ofSeconds(10), Duration.ofMinutes(5));

  Duration first() {
    return shortest;
  }

  Duration after(Duration previous) {
    Duration longer = previous.multipliedBy(3).dividedBy(2);
    return longer.compareTo(longest) > 0 ? longest : longer;
  }
}

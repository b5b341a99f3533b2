package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.IsoTime;
import io.unicoredask.cluster.request.TimeLimit;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Warns of the end of the time of a scheduler's job, since a scheduler cannot move. */
final class SchedulerTimeRules {

  /** Time enough to store what was computed. */
  private static final Duration NOTICE = Duration.ofMinutes(10);

  private SchedulerTimeRules() {}

  static void warn(Decision decision, Instant now) {
    Cluster cluster = decision.cluster();
    Instant end = cluster.schedulerEnd();
    if (end == null || cluster.readySince() == null) {
      return;
    }
    Duration lifetime = decision.demand().request().clocks().get(TimeLimit.LIFETIME);
    Instant wanted =
        Instant.ofEpochMilli(cluster.readySince()).minusMillis(cluster.readyFor()).plus(lifetime);
    // A default is no promise.
    if (wanted.isAfter(end) && !TimeLimit.LIFETIME.isDefault(lifetime)) {
      decision.change(
          before ->
              before.warnedOf(
                  "lifetime = %s is longer than the time of the scheduler's job, which is over at %s, and the cluster with it; ask for more with Resources.Runtime, or for a shorter lifetime"
                      .formatted(lifetime, IsoTime.of(end))));
    }
    if (next(cluster).filter(notice -> !now.isBefore(notice)).isPresent()) {
      decision.change(
          before ->
              before.warnedOf(
                  "the time of the scheduler's job is over at %s; store what is to be kept, since it is lost then"
                      .formatted(IsoTime.of(end))));
    }
  }

  /** When that is to be warned of; nothing if its end is not known. */
  static Optional<Instant> next(Cluster cluster) {
    return Optional.ofNullable(cluster.schedulerEnd()).map(end -> end.minus(NOTICE));
  }
}

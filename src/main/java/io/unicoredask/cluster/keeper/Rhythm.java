package io.unicoredask.cluster.keeper;

import java.time.Duration;
import java.time.Instant;

/** When the keeper of a cluster has its next turn. */
final class Rhythm {

  /** What the next turn waits for. */
  enum Then {
    /** Nothing: there is more to do. */
    NOTHING,
    /** News, which will be told, or a date. */
    NEWS,
    /** Time, in which something may have changed. */
    TIME
  }

  /** Even what is told may be missed once. */
  private static final Duration QUIET = Duration.ofMinutes(5);

  private final String cluster;
  private final Keeping keeping;
  private final Backoff backoff;

  Rhythm(String cluster, Keeping keeping) {
    this.cluster = cluster;
    this.keeping = keeping;
    this.backoff = new Backoff(keeping.pace());
  }

  /** Something has changed: soon again. */
  void reset() {
    backoff.reset();
  }

  /**
   * The next turn.
   *
   * @param looked when the cluster was last looked at
   */
  Next next(Then then, Cluster now, Demand demand, Recollection recollection, Instant looked) {
    int queueing = keeping.queueing().note(now.site(), cluster, Pace.isQueueing(demand));
    return switch (then) {
      case NOTHING -> Next.NOW;
      case NEWS -> Next.in(untilDue(now, demand, recollection, looked), true);
      case TIME -> backoff.next(demand, keeping.now(), queueing);
    };
  }

  /** There is no next turn. */
  Next none(String site) {
    keeping.queueing().note(site, cluster, false);
    return Next.NEVER;
  }

  /** A date that has come since the last look is due at once. */
  private Duration untilDue(
      Cluster cluster, Demand demand, Recollection recollection, Instant looked) {
    Instant now = keeping.now();
    return Dates.next(cluster, demand, recollection, looked)
        .map(date -> date.isBefore(now) ? Duration.ZERO : Duration.between(now, date))
        .filter(left -> left.compareTo(QUIET) < 0)
        .orElse(QUIET);
  }
}

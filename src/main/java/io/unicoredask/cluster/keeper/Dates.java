package io.unicoredask.cluster.keeper;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** When something is to be done about a cluster though nothing happens. */
final class Dates {

  private Dates() {}

  /** The next one after a moment; nothing if there is none. */
  static Optional<Instant> next(
      Cluster cluster, Demand demand, Recollection recollection, Instant now) {
    return Stream.of(
            demand.request().renewWorkers()
                ? RenewalRules.next(cluster, recollection)
                : Optional.<Instant>empty(),
            SchedulerTimeRules.next(cluster))
        .flatMap(Optional::stream)
        .filter(date -> date.isAfter(now))
        .min(Comparator.naturalOrder());
  }
}

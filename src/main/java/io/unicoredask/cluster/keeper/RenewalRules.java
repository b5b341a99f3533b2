package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.keeper.WorkerJob.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Has worker jobs whose time is nearly over make place for others, so early that these run before
 * it is; then their workers are retired, so that their data moves.
 */
final class RenewalRules {

  /** For a new worker to start and an old one's data to move. */
  private static final Duration MARGIN = Duration.ofMinutes(2);

  /** Then the data moves to whom there is, whether or not each job has another in its place. */
  private static final Duration LAST_MOMENT = Duration.ofMinutes(1);

  private RenewalRules() {}

  static void renew(Decision decision, Instant now) {
    if (!decision.demand().request().renewWorkers()) {
      return;
    }
    Duration queued = decision.recollection().queued();
    mark(decision, now, queued);
    Cluster cluster = decision.cluster();
    List<WorkerJob> staying = cluster.stayingWorkers();
    boolean areReplaced =
        staying.size() >= WorkerRules.wantedJobs(cluster, decision.demand().request())
            && staying.stream().allMatch(worker -> worker.status() == Status.CONNECTED);
    // Data that nobody could take would be lost before its time.
    boolean isTaken = staying.stream().anyMatch(worker -> worker.status() == Status.CONNECTED);
    decision.change(
        before ->
            before.withEachWorker(
                worker ->
                    worker.leaving()
                            && !worker.isRetiring()
                            && (areReplaced || isTaken && !now.isBefore(lastMoment(worker)))
                        ? worker.in(Status.RETIRING)
                        : worker));
  }

  private static void mark(Decision decision, Instant now, Duration queued) {
    Set<Integer> due = new HashSet<>();
    decision.cluster().stayingWorkers().stream()
        .filter(worker -> due(worker, queued).filter(time -> !now.isBefore(time)).isPresent())
        .forEach(worker -> due.add(worker.number()));
    if (due.isEmpty()) {
      return;
    }
    decision.change(
        cluster ->
            cluster.withEachWorker(
                worker -> due.contains(worker.number()) ? worker.withLeaving(true) : worker));
    decision.note("renewing %d worker jobs whose time is nearly over".formatted(due.size()));
  }

  /** When something is to be done about one of them next; nothing if their ends are not known. */
  static Optional<Instant> next(Cluster cluster, Recollection recollection) {
    return cluster.workers().stream()
        .filter(worker -> !worker.isRetiring())
        .flatMap(
            worker ->
                worker.leaving()
                    ? Stream.of(lastMoment(worker))
                    : due(worker, recollection.queued()).stream())
        .min(Comparator.naturalOrder());
  }

  /** Not before half of its time is over, so that renewing comes to an end. */
  private static Optional<Instant> due(WorkerJob worker, Duration queued) {
    Instant start = worker.times().start();
    Instant end = worker.times().end();
    if (start == null || end == null || worker.status() != Status.CONNECTED) {
      return Optional.empty();
    }
    Duration time = Duration.between(start, end);
    Duration wait = queued.multipliedBy(3).dividedBy(2);
    Instant due = end.minus(wait).minus(MARGIN);
    Instant half = start.plus(time.dividedBy(2));
    return Optional.of(due.isBefore(half) ? half : due);
  }

  private static Instant lastMoment(WorkerJob worker) {
    Duration time = Duration.between(worker.times().start(), worker.times().end());
    return worker.times().end().minus(least(LAST_MOMENT, time.dividedBy(6)));
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}

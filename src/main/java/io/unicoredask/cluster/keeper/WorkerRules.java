package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.keeper.Cluster.Growth;
import io.unicoredask.cluster.keeper.WorkerJob.Status;
import io.unicoredask.cluster.keeper.WorkersSeen.Told;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.dask.SchedulerHttp;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Keeps as many worker jobs as are wanted: submits what is missing, retires what is too many, and
 * says when the size that was asked for is reached.
 */
final class WorkerRules {

  /** Few enough that a message need not wait long, many enough to keep the site busy. */
  private static final int AT_ONCE = 50;

  /** Workers may be queued by then that wait for the scheduler. */
  static final List<Phase> COMING_UP =
      List.of(Phase.START_SCHEDULER, Phase.AWAIT_SCHEDULER, Phase.FORWARD_PORTS);

  private static final String API_IS_OFF =
      "when it was scaled down, the scheduler could not be told to move the data of the workers to"
          + " others first: its HTTP API is off. Set no %s for it, or add"
              .formatted(String.join(", ", SchedulerHttp.API_ENVIRONMENT.keySet()))
          + " 'distributed.http.scheduler.api' to it";

  private WorkerRules() {}

  static void keep(Decision decision, Observation seen) {
    if (decision.begins(Phase.SCALE_WORKERS)) {
      anew(decision);
      decision.output("scaleErrorCode", null);
      decision.output("scaleErrorMessage", null);
    }
    if (!decision.cluster().isReachable()) {
      // It is coming up or being started anew, and gets its workers then.
      decision.done(Phase.SCALE_WORKERS);
      if (COMING_UP.stream().anyMatch(decision.demand()::isWaiting) && !decision.hasFailed()) {
        grow(decision);
      }
      return;
    }
    WorkersSeen workers = seen.workers().orElse(null);
    if (workers instanceof WorkersSeen.Silent silent) {
      unreachable(decision, seen, silent);
    } else if (workers instanceof Told told) {
      told(decision, seen, told);
    }
  }

  /** Another size is wanted: what failed before counts no more. */
  private static void anew(Decision decision) {
    decision.change(
        cluster ->
            cluster
                .withoutWorkersThatAre(Status.LOST)
                .with()
                .growth(cluster.isReachable() ? Growth.ON : cluster.growth())
                .firstNew(cluster.nextWorker())
                .build());
  }

  private static void unreachable(Decision decision, Observation seen, WorkersSeen.Silent silent) {
    if (!decision.awaits(Phase.SCALE_WORKERS)) {
      return;
    }
    if (seen.endOfScheduler().isPresent()) {
      JobSeen.Ended end = seen.endOfScheduler().get();
      decision.fail(
          Phase.SCALE_WORKERS,
          ClusterError.DASK_SCHEDULER_LOST,
          end.well() ? SchedulerEnd.text(decision) : end.obituary());
    } else {
      String why = silent.reason().getMessage();
      decision.note(why);
      // A cluster that is ready is looked after by those who stay with it.
      boolean goesOn =
          RelayFallback.isPossible(silent, seen)
              && !decision.awaits(Phase.MONITOR)
              && RelayFallback.consider(decision, why, seen.at());
      if (!goesOn) {
        decision.hinderedBy(silent.reason());
      }
    }
  }

  private static void told(Decision decision, Observation seen, Told told) {
    decision.remember(memory -> memory.withRelayMissingSince(null).withIdle(told.idle()));
    List<WorkerJob> lost = WorkerLosses.count(decision, seen, told);
    if (decision.awaits(Phase.SCALE_WORKERS)) {
      WorkerLosses.judgeWhileScaling(decision, lost, seen);
    } else if (decision.awaits(Phase.MONITOR)) {
      WorkerLosses.judgeWhileReady(decision, lost);
      Adaptation.follow(decision, told);
      RenewalRules.renew(decision, seen.at());
    }
    if (decision.cluster().growth() == Growth.ON && seen.endOfAllocation().isEmpty()) {
      shrink(decision, told);
      grow(decision);
    }
    List<WorkerJob> retiring = decision.cluster().workersThatAre(Status.RETIRING);
    if (!retiring.isEmpty()) {
      decision.act(new Action.Retire(retiring));
      decision.note("retiring %d worker jobs".formatted(retiring.size()));
    } else if (decision.awaits(Phase.SCALE_WORKERS)) {
      finish(decision, seen.at());
    }
  }

  /** How many worker jobs are to be there. */
  static int wantedJobs(Cluster cluster, ClusterRequest request) {
    return request.adapt() == null
        ? request.size().jobsOf(request.processes())
        : Adaptation.jobs(cluster, request);
  }

  private static void shrink(Decision decision, Told told) {
    List<WorkerJob> staying = decision.cluster().stayingWorkers();
    int surplus = staying.size() - wantedJobs(decision.cluster(), decision.demand().request());
    if (surplus <= 0) {
      return;
    }
    Set<WorkerJob> chosen = Set.copyOf(new SurplusJobs(told).among(staying, surplus));
    decision.change(
        cluster ->
            cluster.withEachWorker(
                worker -> chosen.contains(worker) ? worker.in(Status.RETIRING) : worker));
  }

  /** What is wanted is put on record before it is submitted, so that it is found again. */
  private static void grow(Decision decision) {
    Cluster before = decision.cluster();
    ClusterRequest request = decision.demand().request();
    if (before.growth() != Growth.ON || before.scheduler().directory() == null) {
      return;
    }
    int wanted = before.workersThatAre(Status.WANTED).size();
    int missing = wantedJobs(before, request) - before.stayingWorkers().size();
    int more = Math.max(0, Math.min(AT_ONCE - wanted, missing));
    decision.change(
        cluster ->
            cluster
                .with()
                .workers(
                    Stream.concat(
                            cluster.workers().stream(),
                            IntStream.range(0, more)
                                .mapToObj(
                                    index ->
                                        WorkerJob.wanted(
                                            cluster.nextWorker() + index, request.processes())))
                        .toList())
                .nextWorker(cluster.nextWorker() + more)
                .build());
    List<WorkerJob> unsubmitted = decision.cluster().workersThatAre(Status.WANTED);
    unsubmitted.forEach(worker -> decision.act(new Action.Submit(worker.name())));
    if (!unsubmitted.isEmpty()) {
      decision.note(submittedNote(decision));
    }
  }

  static String submittedNote(Decision decision) {
    Cluster cluster = decision.cluster();
    return "%d of %d worker jobs submitted"
        .formatted(
            cluster.stayingWorkers().stream().filter(worker -> worker.job() != null).count(),
            wantedJobs(cluster, decision.demand().request()));
  }

  private static void finish(Decision decision, Instant now) {
    Cluster cluster = decision.cluster();
    ClusterRequest request = decision.demand().request();
    if (cluster.growth() != Growth.ON
        || !cluster.workersThatAre(Status.WANTED).isEmpty()
        || cluster.stayingWorkers().size() != wantedJobs(cluster, request)) {
      return;
    }
    int planned = cluster.plannedWorkers();
    if (!request.waitForStartup()
        || Adaptation.followsItsWork(cluster, request)
        || cluster.connectedWorkers() >= planned) {
      decision.done(Phase.SCALE_WORKERS);
    } else {
      boolean late = cluster.stayingWorkers().stream().anyMatch(worker -> worker.isLate(now));
      decision.note(
          "%d of %d workers connected"
              .formatted(cluster.connectedWorkers(), planned)
              .concat(late ? cluster.scheduler().reachHint() : ""));
    }
  }

  static void retired(Decision decision, Result.Retired retired) {
    decision.change(
        cluster ->
            cluster.withWorkers(
                cluster.workers().stream()
                    .filter(worker -> !retired.numbers().contains(worker.number()))
                    .toList()));
    if (!retired.nothingLost()) {
      decision.change(cluster -> cluster.warnedOf(API_IS_OFF));
    }
  }
}

package io.unicoredask.cluster.keeper;

import static java.util.stream.Collectors.joining;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.keeper.Cluster.Growth;
import io.unicoredask.cluster.keeper.WorkerJob.Status;
import io.unicoredask.cluster.keeper.WorkersSeen.Told;
import io.unicoredask.unicore.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Puts down how far worker jobs are, and replaces those that are lost, or says why not. */
final class WorkerLosses {

  private WorkerLosses() {}

  /**
   * Returns those jobs that were not seen to be lost before. One whose workers were connected and
   * have ended by themselves is none, and leaves without a word.
   */
  static List<WorkerJob> count(Decision decision, Observation seen, Told told) {
    boolean all = told.connected() >= decision.cluster().plannedWorkers();
    Predicate<WorkerJob> complete = told.hasAllOf();
    Map<Integer, Long> counts = told.counts().orElse(Map.of());
    decision.change(
        cluster ->
            cluster
                .withWorkers(
                    cluster.workers().stream().filter(job -> !hasEndedWell(job, seen)).toList())
                .withConnectedWorkers(told.connected()));
    List<WorkerJob> lost = new ArrayList<>();
    decision.change(
        cluster ->
            cluster.withEachWorker(
                worker -> {
                  Status status = status(worker, all || complete.test(worker), seen);
                  WorkerJob now =
                      worker.in(status).withConnected(connected(worker, status, counts));
                  if (status == Status.LOST && worker.status() != Status.LOST) {
                    lost.add(now);
                  }
                  return now;
                }));
    giveUp(decision, seen);
    return lost;
  }

  private static boolean hasEndedWell(WorkerJob worker, Observation seen) {
    return worker.wasConnected()
        && !worker.isRetiring()
        && seen.workerJobs().get(worker.number()) instanceof JobSeen.Ended ended
        && (ended.well() || worker.leaving());
  }

  private static int connected(WorkerJob worker, Status status, Map<Integer, Long> counts) {
    return status == Status.CONNECTED
        ? worker.processes()
        : Math.toIntExact(counts.getOrDefault(worker.number(), 0L));
  }

  private static Status status(WorkerJob worker, boolean connected, Observation seen) {
    if (worker.isRetiring() || worker.status() == Status.WANTED) {
      return worker.status();
    }
    if (connected) {
      return Status.CONNECTED;
    }
    JobSeen job = seen.workerJobs().get(worker.number());
    if (job instanceof JobSeen.Ended) {
      return Status.LOST;
    }
    if (job instanceof JobSeen.Alive alive) {
      return alive.job().status() == JobStatus.RUNNING ? Status.RUNNING : Status.QUEUED;
    }
    return worker.status() == Status.CONNECTED ? Status.RUNNING : worker.status();
  }

  /**
   * A worker's nanny may bring it back. When it has not for long, its job is ended, and another is
   * submitted in its place.
   */
  private static void giveUp(Decision decision, Observation seen) {
    Map<Integer, Instant> before = decision.recollection().missingSince();
    Map<Integer, Instant> missing = new HashMap<>();
    decision.cluster().workers().stream()
        .filter(worker -> worker.wasConnected() && worker.status() == Status.RUNNING)
        .forEach(
            worker ->
                missing.put(worker.number(), before.getOrDefault(worker.number(), seen.at())));
    decision.remember(memory -> memory.withMissingSince(Map.copyOf(missing)));
    Duration patience = decision.demand().request().workerLostAfter();
    Set<Integer> given =
        missing.entrySet().stream()
            .filter(job -> !job.getValue().plus(patience).isAfter(seen.at()))
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    Cluster cluster = decision.cluster();
    int most = decision.demand().request().maxReplacements();
    if (given.isEmpty() || cluster.growth() != Growth.ON) {
      return;
    }
    if (cluster.replacements() + given.size() > most) {
      decision.scalingFailed(
          ClusterError.DASK_WORKER_FAILED,
          "the workers of %d jobs were lost though the jobs go on; not replaced, since %d were already and maxReplacements = %d"
              .formatted(given.size(), cluster.replacements(), most));
      return;
    }
    decision.change(
        now ->
            now.withEachWorker(
                    worker -> given.contains(worker.number()) ? worker.in(Status.RETIRING) : worker)
                .withReplacements(now.replacements() + given.size()));
    decision.note("ending %d worker jobs whose workers are gone".formatted(given.size()));
  }

  /** What never was connected would fail again, but for what came before the scheduler did. */
  static void judgeWhileScaling(Decision decision, List<WorkerJob> lost, Observation seen) {
    if (lost.isEmpty()) {
      return;
    }
    Cluster cluster = decision.cluster();
    boolean replaceable =
        lost.stream().allMatch(job -> job.wasConnected() || job.number() < cluster.firstNew());
    int most = decision.demand().request().maxReplacements();
    if (replaceable && cluster.replacements() + lost.size() <= most) {
      replace(decision, lost);
      return;
    }
    decision.change(now -> now.withGrowth(Growth.STOPPED));
    decision.fail(
        Phase.SCALE_WORKERS, ClusterError.DASK_WORKER_FAILED, obituary(lost.get(0), seen));
  }

  private static String obituary(WorkerJob worker, Observation seen) {
    return ((JobSeen.Ended) seen.workerJobs().get(worker.number())).obituary();
  }

  static void judgeWhileReady(Decision decision, List<WorkerJob> lost) {
    if (lost.isEmpty()) {
      return;
    }
    Cluster cluster = decision.cluster();
    int most = decision.demand().request().maxReplacements();
    String what =
        "%d of %d worker jobs ended unexpectedly (%s)"
            .formatted(
                lost.size(),
                cluster.workers().size(),
                lost.stream().map(WorkerJob::name).collect(joining(", ")));
    if (lost.stream().noneMatch(WorkerJob::wasConnected)) {
      decision.scalingFailed(
          ClusterError.DASK_WORKER_FAILED,
          what + "; not replaced, since their workers have never been connected");
    } else if (cluster.replacements() + lost.size() > most) {
      decision.scalingFailed(
          ClusterError.DASK_WORKER_FAILED,
          "%s; not replaced, since %d were already and maxReplacements = %d"
              .formatted(what, cluster.replacements(), most));
    } else {
      replace(decision, lost);
      decision.note(what + "; replacing");
    }
  }

  private static void replace(Decision decision, List<WorkerJob> lost) {
    Set<WorkerJob> gone = new HashSet<>(lost);
    decision.change(
        cluster ->
            cluster
                .withWorkers(
                    cluster.workers().stream().filter(worker -> !gone.contains(worker)).toList())
                .withReplacements(cluster.replacements() + lost.size()));
    decision.note("replacing %d worker jobs".formatted(lost.size()));
  }
}

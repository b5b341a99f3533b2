package io.unicoredask.cluster.keeper;

import static java.util.stream.Collectors.joining;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.keeper.Cluster.Growth;
import io.unicoredask.cluster.keeper.WorkerJob.Status;
import io.unicoredask.cluster.keeper.WorkersSeen.Told;
import io.unicoredask.unicore.JobStatus;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Puts down how far worker jobs are, and replaces those that are lost, or says why not. */
final class WorkerLosses {

  private WorkerLosses() {}

  /** Returns those jobs that were not seen to be lost before. */
  static List<WorkerJob> count(Decision decision, Observation seen, Told told) {
    boolean all = told.connected() >= decision.cluster().plannedWorkers();
    Predicate<WorkerJob> complete = told.hasAllOf();
    List<WorkerJob> lost = new ArrayList<>();
    decision.change(
        cluster ->
            cluster
                .withConnectedWorkers(told.connected())
                .withEachWorker(
                    worker -> {
                      Status status = status(worker, all || complete.test(worker), seen);
                      WorkerJob now = worker.in(status);
                      if (status == Status.LOST && worker.status() != Status.LOST) {
                        lost.add(now);
                      }
                      return now;
                    }));
    return lost;
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

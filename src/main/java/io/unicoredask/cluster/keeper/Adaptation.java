package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.keeper.Cluster.Growth;
import io.unicoredask.cluster.keeper.WorkerJob.Status;
import io.unicoredask.cluster.keeper.WorkersSeen.Told;
import io.unicoredask.cluster.request.AdaptiveBounds;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.request.ClusterSize;
import io.unicoredask.dask.SchedulerHttp;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** Has a cluster follow its work within bounds, as with Dask's {@code adapt()}. */
final class Adaptation {

  private static final String CANNOT_TELL =
      "adapt: the scheduler cannot say how many workers it wants, so that the cluster keeps its"
          + " size: its HTTP API is off. Set no %s for it, or add"
              .formatted(String.join(", ", SchedulerHttp.API_ENVIRONMENT.keySet()))
          + " 'distributed.http.scheduler.api' to it";

  private Adaptation() {}

  /** How many jobs a cluster has that follows its work. */
  static int jobs(Cluster cluster, ClusterRequest request) {
    return jobsOf(aim(cluster, request.adapt()), request);
  }

  /**
   * Whether it has begun to: by when new workers come another number may be wanted, so that none is
   * waited for.
   */
  static boolean followsItsWork(Cluster cluster, ClusterRequest request) {
    return request.adapt() != null && cluster.adaptedTo() != null;
  }

  /** Until it is ready it has what it has within the bounds. */
  private static int aim(Cluster cluster, AdaptiveBounds bounds) {
    return bounds.clamp(
        cluster.adaptedTo() == null ? cluster.lastingWorkers() : cluster.adaptedTo());
  }

  private static int jobsOf(int workers, ClusterRequest request) {
    return ClusterSize.workers(workers).jobsOf(request.processes());
  }

  /** More are had at once, fewer when they have been wanted for long enough. */
  static void follow(Decision decision, Told told) {
    ClusterRequest request = decision.demand().request();
    if (request.adapt() == null) {
      decision.change(cluster -> cluster.withAdaptedTo(null));
      return;
    }
    if (told.wanted().isEmpty()) {
      decision.change(cluster -> cluster.warnedOf(CANNOT_TELL));
      return;
    }
    int now = aim(decision.cluster(), request.adapt());
    int next = request.adapt().clamp(wanted(decision.cluster(), told));
    int change = jobsOf(next, request) - jobsOf(now, request);
    int fewerWanted = change < 0 ? decision.recollection().fewerWanted() + 1 : 0;
    if (change == 0 || change < 0 && fewerWanted < request.adapt().waitCount()) {
      decision.remember(memory -> memory.withFewerWanted(fewerWanted));
      decision.change(cluster -> cluster.withAdaptedTo(now));
    } else {
      decision.remember(memory -> memory.withFewerWanted(0));
      decision.change(
          cluster ->
              cluster
                  .withoutWorkersThatAre(Status.LOST)
                  .with()
                  .adaptedTo(next)
                  .growth(Growth.ON)
                  .firstNew(cluster.nextWorker())
                  .build());
    }
  }

  /**
   * The scheduler counts workers that it could do without, where we end whole jobs: one that has an
   * idle worker and a busy one is wanted.
   */
  static int wanted(Cluster cluster, Told told) {
    int target = told.wanted().orElseThrow();
    return target >= cluster.lastingWorkers()
        ? target
        : Math.max(target, inBusyJobs(cluster, told));
  }

  private static int inBusyJobs(Cluster cluster, Told told) {
    Set<Integer> busy =
        told.loads().orElse(List.of()).stream()
            .filter(worker -> worker.processing() > 0)
            .map(worker -> WorkerJob.numberOf(worker.name()))
            .flatMapToInt(OptionalInt::stream)
            .boxed()
            .collect(Collectors.toSet());
    return cluster.stayingWorkers().stream()
        .filter(job -> busy.contains(job.number()))
        .mapToInt(WorkerJob::processes)
        .sum();
  }
}

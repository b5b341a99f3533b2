package io.unicoredask.cluster;

import io.unicoredask.dask.SchedulerHttp;
import io.unicoredask.dask.WorkerLoad;
import java.util.List;
import java.util.OptionalInt;

/** How many workers a cluster's work wants. */
class WantedWorkers {

  /** What is said where the scheduler cannot be asked. */
  static final String CANNOT_TELL =
      "adapt: the scheduler cannot say how many workers it wants, so that the cluster keeps its"
          + " size: its HTTP API is off. Set no %s for it, or add"
              .formatted(String.join(", ", SchedulerHttp.API_ENVIRONMENT.keySet()))
          + " 'distributed.http.scheduler.api' to it";

  private WantedWorkers() {}

  /**
   * Asks the scheduler. It counts workers that it could do without, where we end whole jobs: one
   * that has an idle worker and a busy one is wanted.
   *
   * @return nothing if the scheduler cannot say
   */
  static OptionalInt of(Cluster cluster, SchedulerHttp scheduler) {
    OptionalInt target = scheduler.adaptiveTarget();
    return target.isEmpty() || target.getAsInt() >= cluster.lastingWorkers()
        ? target
        : OptionalInt.of(Math.max(target.getAsInt(), inBusyJobs(cluster, scheduler)));
  }

  private static int inBusyJobs(Cluster cluster, SchedulerHttp scheduler) {
    List<WorkerLoad> busy =
        scheduler.loads().orElse(List.of()).stream()
            .filter(worker -> worker.processing() > 0)
            .toList();
    return cluster.stayingWorkers().stream()
        .filter(job -> busy.stream().anyMatch(worker -> job.runs(worker.name())))
        .mapToInt(WorkerJob::processes)
        .sum();
  }
}

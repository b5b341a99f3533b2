package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.keeper.WorkerJob.Status;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.request.Footprint;
import java.util.Optional;

/**
 * What of a cluster is at work, as far as its record tells.
 *
 * @param allocation whether an allocation of its own takes jobs
 * @param scheduler whether the scheduler's job has left the queue and is not over
 * @param workerJobs how many worker jobs have left the queue and are not over
 * @param connected how many workers the scheduler had when it was last asked
 * @param wanted how many workers the jobs run that are to go on, when all of them have come up
 */
public record AtWork(
    boolean allocation, boolean scheduler, int workerJobs, int connected, int wanted) {

  /** That of a cluster as it is on record. */
  public static AtWork of(Cluster cluster) {
    AllocationJob allocation = cluster.allocation();
    return new AtWork(
        allocation != null && allocation.own() && runs(JobState.ofAllocation(cluster)),
        runs(JobState.ofScheduler(cluster)),
        (int) cluster.workers().stream().filter(AtWork::runs).count(),
        cluster.connectedWorkers() == null ? 0 : cluster.connectedWorkers(),
        cluster.lastingWorkers());
  }

  private static boolean runs(Optional<JobState> job) {
    return job.equals(Optional.of(JobState.RUNNING));
  }

  private static boolean runs(WorkerJob worker) {
    return !worker.over()
        && (worker.status() == Status.RUNNING
            || worker.status() == Status.CONNECTED
            || worker.status() == Status.RETIRING && worker.wasConnected());
  }

  /** Whether as many jobs run as then. */
  public boolean runsTheSameJobsAs(AtWork then) {
    return allocation == then.allocation
        && scheduler == then.scheduler
        && workerJobs == then.workerJobs;
  }

  /**
   * How many nodes its jobs have, if each has what is asked for by now: one where a job does not
   * say. In an allocation of its own they have that one's, and none in somebody else's.
   */
  public long nodes(ClusterRequest request) {
    if (request.allocation() != null) {
      return 0;
    }
    if (request.newAllocation() != null) {
      return allocation ? Footprint.nodes(request.newAllocation()) : 0;
    }
    return (scheduler ? Footprint.nodes(request.schedulerJob()) : 0)
        + workerJobs * (workerJobs == 0 ? 0 : Footprint.nodes(request.workerJob()));
  }
}

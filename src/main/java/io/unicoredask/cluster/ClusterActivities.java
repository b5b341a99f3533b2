package io.unicoredask.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.request.QueueWorkers;
import io.unicoredask.cluster.request.ScriptRequest;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.dask.SchedulerHttpException;
import io.unicoredask.tunnel.PortInUseException;
import io.unicoredask.tunnel.TunnelFactory;
import io.unicoredask.unicore.UnicoreException;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** The activities of a cluster's life, sharing the sites and this process's open tunnels. */
public final class ClusterActivities {

  private final Sites sites;
  private final ClusterTunnels tunnels;

  /**
   * @param sites where clusters can run
   * @param factory opens local ports; stays the caller's to close
   */
  public ClusterActivities(Sites sites, TunnelFactory factory) {
    this.sites = sites;
    this.tunnels = new ClusterTunnels(factory, sites);
  }

  /**
   * Sees to it that the local ports asked for are free on this machine now.
   *
   * @throws ClusterException with {@link ClusterError#DASK_PORT_IN_USE} if one is not
   */
  public void requireFreePorts(ClusterRequest request) {
    try {
      tunnels.requireFree(request.localPort());
      if (request.connectDashboard()) {
        tunnels.requireFree(request.localDashboardPort());
      }
    } catch (PortInUseException e) {
      throw ForwardingPorts.refused(e, request.localPort());
    }
  }

  /** Closes all local ports, as when another node of the engine opens them. */
  public void closePorts() {
    closePortsExceptOf(List.of());
  }

  /** Closes the local ports of all clusters but these. */
  public void closePortsExceptOf(Collection<Cluster> clusters) {
    tunnels.closeExceptOf(clusters.stream().map(Cluster::id).collect(Collectors.toSet()));
  }

  /** What would be submitted for a request. */
  public Descriptions describe(ClusterRequest request) {
    JobDescriptions descriptions = new JobDescriptions(request);
    return new Descriptions(
        request.newAllocation() == null ? null : descriptions.allocation(),
        descriptions.scheduler(),
        descriptions.worker(
            "worker-1",
            "<directory of the scheduler's job>/" + JobDescriptions.SCHEDULER_FILE,
            request.queueWorkers() == QueueWorkers.TOGETHER));
  }

  /**
   * What was submitted for a cluster between two of its states, tags included.
   *
   * @param before the cluster before
   * @param after the cluster after
   * @param request what was asked for
   */
  public Descriptions submitted(Cluster before, Cluster after, ClusterRequest request) {
    JobDescriptions descriptions = new JobDescriptions(request);
    ObjectNode allocation = null;
    if (after.ownsAllocation() && before.allocation() == null) {
      allocation = descriptions.allocation();
      JobTags.add(allocation, after, "allocation");
    }
    ObjectNode scheduler = null;
    if (after.scheduler() != null && before.scheduler() == null) {
      scheduler = descriptions.scheduler();
      JobTags.add(scheduler, after, after.schedulerPurpose());
    }
    ObjectNode worker = null;
    if (after.nextWorker() > before.nextWorker() && after.scheduler().directory() != null) {
      String name = WorkerJob.name(after.nextWorker() - 1);
      worker = WorkerJobs.description(descriptions, after.scheduler(), name);
      JobTags.add(worker, after, name);
    }
    return new Descriptions(allocation, scheduler, worker);
  }

  /**
   * Job descriptions.
   *
   * @param allocation of the allocation; null if none is made
   * @param scheduler of the scheduler's job; null if none is submitted
   * @param worker of a worker job; null if none is submitted
   */
  public record Descriptions(ObjectNode allocation, ObjectNode scheduler, ObjectNode worker) {}

  /**
   * Whether an exception of an activity, other than a {@link ClusterException}, may pass without
   * anybody doing anything about it.
   */
  public static boolean mayPass(RuntimeException e) {
    return e instanceof UnicoreException site
        ? site.isRetryable()
        : e instanceof SchedulerHttpException scheduler && scheduler.isRetryable();
  }

  /** Makes an allocation, or takes the one given; done at once if none is wanted. */
  public ClusterActivity<ClusterRequest> allocate() {
    return new Allocating(sites);
  }

  /** Submits the scheduler's job; done when it has left the queue. */
  public ClusterActivity<ClusterRequest> startScheduler() {
    return new StartingScheduler(sites);
  }

  /** Done when the scheduler has written where it listens. */
  public ClusterActivity<ClusterRequest> awaitScheduler() {
    return new AwaitingScheduler(sites);
  }

  /** Opens the local ports; done when the scheduler has spoken through them. */
  public ClusterActivity<ClusterRequest> forwardPorts() {
    return new ForwardingPorts(sites, tunnels);
  }

  /** Submits or ends worker jobs; done when the scheduler has as many workers as asked for. */
  public ClusterActivity<ClusterRequest> scaleWorkers() {
    return new ScalingWorkers(sites, tunnels);
  }

  /** Stays with a ready cluster; done when its scheduler has ended of its own accord. */
  public ClusterActivity<ClusterRequest> monitor() {
    return new Monitoring(sites, tunnels);
  }

  /** Runs a script at the site; done when it has ended well and its result files are read. */
  public ClusterActivity<ScriptRequest> runScript() {
    return new RunningScript(sites);
  }

  /**
   * Reads what the cluster's jobs have written so far.
   *
   * @param variable the name of the variable that the file is for
   */
  public ClusterActivity<ClusterRequest> readLogs(String variable) {
    return new ReadingLogs(sites, variable);
  }

  /** Ends what is left of a cluster whose scheduler is lost, so that it can be started anew. */
  public ClusterActivity<ClusterRequest> restart() {
    return new Restarting(sites, tunnels);
  }

  /** Closes the local ports and ends the jobs; done when the site says that all are over. */
  public ClusterActivity<ClusterRequest> tearDown() {
    return new TearingDown(sites, tunnels);
  }
}

package io.unicoredask.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.dask.SchedulerHttpException;
import io.unicoredask.tunnel.PortInUseException;
import io.unicoredask.tunnel.TunnelFactory;
import io.unicoredask.unicore.UnicoreException;

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
      throw ForwardingPorts.refused(e, request);
    }
  }

  /** What would be submitted for a request. */
  public Descriptions describe(ClusterRequest request) {
    JobDescriptions descriptions =
        new JobDescriptions(request, sites.get(request.site()).defaults());
    return new Descriptions(
        request.newAllocation() == null ? null : descriptions.allocation(),
        descriptions.scheduler(),
        descriptions.worker(
            "worker-1", "<directory of the scheduler's job>/" + JobDescriptions.SCHEDULER_FILE));
  }

  /**
   * Job descriptions that were not submitted. A cluster's own tags are not among them yet.
   *
   * @param allocation of the allocation; null if none would be made
   * @param scheduler of the scheduler's job
   * @param worker of the first worker job
   */
  public record Descriptions(ObjectNode allocation, ObjectNode scheduler, ObjectNode worker) {}

  /**
   * Whether an exception of an activity, other than a {@link ClusterException}, may pass without
   * anybody doing anything about it.
   */
  public static boolean mayPass(RuntimeException e) {
    return e instanceof UnicoreException site
        ? site.isRetryable()
        : e instanceof SchedulerHttpException;
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

  /** Closes the local ports and ends the jobs; done when the site says that all are over. */
  public ClusterActivity<ClusterRequest> tearDown() {
    return new TearingDown(sites, tunnels);
  }
}

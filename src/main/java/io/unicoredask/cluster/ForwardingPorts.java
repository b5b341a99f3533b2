package io.unicoredask.cluster;

import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.request.TunnelKind;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.dask.SchedulerHttp;
import io.unicoredask.dask.SchedulerHttpException;
import io.unicoredask.dask.SchedulerProbe;
import io.unicoredask.tunnel.PortInUseException;
import io.unicoredask.tunnel.Tunnel;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Opens local ports, on the one node that looks after the clusters, that lead to the scheduler and
 * its HTTP server. They are ready when the scheduler has spoken through them: that a connection is
 * accepted says nothing.
 */
class ForwardingPorts implements ClusterActivity<ClusterRequest> {

  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(15);

  private final Sites sites;
  private final ClusterTunnels tunnels;

  ForwardingPorts(Sites sites, ClusterTunnels tunnels) {
    this.sites = sites;
    this.tunnels = tunnels;
  }

  @Override
  public Progress begin(Cluster cluster, Supplier<ClusterRequest> request) {
    ClusterRequest wanted = request.get();
    return Progress.waiting(
        cluster
            .with()
            .localPort(orElse(cluster.localPort(), wanted.localPort()))
            .localDashboardPort(
                wanted.connectDashboard()
                    ? orElse(cluster.localDashboardPort(), wanted.localDashboardPort())
                    : null)
            .build(),
        "opening the local ports");
  }

  /** After a restart the ports stay the same. */
  private static int orElse(Integer known, int wanted) {
    return known == null ? wanted : known;
  }

  private static Cluster withDashboard(Cluster cluster, SchedulerHttp api) {
    return api.missingDashboard()
        .map(reason -> cluster.warnedOf("connectDashboard: " + reason))
        .orElse(cluster);
  }

  /** The local port that was asked for is taken: choosing another is the user's business. */
  static ClusterException refused(PortInUseException e, int localPort) {
    String variable = e.port() == localPort ? "localPort" : "localDashboardPort";
    return new ClusterException(
        ClusterError.DASK_PORT_IN_USE,
        "%s = %d: %s; choose another, or 0 for any free one"
            .formatted(variable, e.port(), e.getMessage()),
        e);
  }

  private static int port(Tunnel tunnel) {
    return tunnel.localAddress().getPort();
  }

  @Override
  public Progress look(Cluster cluster, Supplier<ClusterRequest> request) {
    if (cluster.tunnel() == TunnelKind.AUTO) {
      requireScheduler(cluster);
      return RelayFinder.of(cluster, sites.get(cluster.site()).unicore()).isPresent()
          ? Progress.waiting(cluster.withTunnel(TunnelKind.RELAY), "connecting to the relay")
          : orDirectly(Progress.waiting(cluster, "no relay yet"), request);
    }
    Progress progress = connect(cluster);
    if (progress.done()) {
      return Progress.done(progress.cluster().withRelayAwaitedSince(null));
    }
    return tunnels.isRelayGone(cluster) ? orDirectly(progress, request) : progress;
  }

  private static Progress orDirectly(Progress progress, Supplier<ClusterRequest> request) {
    return Progress.waiting(
        RelayFallback.of(progress.cluster(), request.get(), progress.note()), progress.note());
  }

  private Progress connect(Cluster before) {
    ClusterTunnels.Tunnels open;
    try {
      open = tunnels.of(before);
    } catch (PortInUseException e) {
      throw refused(e, before.localPort());
    } catch (SchedulerHttpException e) {
      requireScheduler(before);
      return Progress.waiting(before, e.getMessage());
    }
    Cluster cluster = before.withLocalPort(port(open.scheduler()));
    if (before.localDashboardPort() != null) {
      cluster = cluster.withLocalDashboardPort(port(open.http()));
    }
    try {
      SchedulerProbe.probe(
          open.scheduler().localAddress(), cluster.scheduler().protocol(), PROBE_TIMEOUT);
      return Progress.done(
          cluster.localDashboardPort() == null ? cluster : withDashboard(cluster, open.api()));
    } catch (IOException e) {
      requireScheduler(cluster);
      return Progress.waiting(
          cluster,
          "connecting to the scheduler: " + open.scheduler().lastFailure().orElse(e.getMessage()));
    }
  }

  private void requireScheduler(Cluster cluster) {
    JobWatch jobs = new JobWatch(sites.get(cluster.site()).unicore());
    jobs.requireAllocation(cluster);
    jobs.alive(cluster.scheduler().job(), ClusterError.DASK_SCHEDULER_FAILED, "scheduler");
  }
}

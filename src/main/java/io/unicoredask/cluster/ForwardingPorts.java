package io.unicoredask.cluster;

import io.unicoredask.dask.SchedulerHttp;
import io.unicoredask.dask.SchedulerProbe;
import io.unicoredask.tunnel.PortInUseException;
import io.unicoredask.tunnel.Tunnel;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Opens local ports that lead to the scheduler and its HTTP server. They are ready when the
 * scheduler has spoken through them: that a connection is accepted says nothing.
 */
class ForwardingPorts implements ClusterActivity {

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
    ClusterTunnels.Tunnels open;
    try {
      open =
          tunnels.of(
              onPorts(
                  cluster,
                  wanted.localPort(),
                  wanted.connectDashboard() ? wanted.localDashboardPort() : null));
    } catch (PortInUseException e) {
      throw refused(e, wanted);
    }
    return Progress.waiting(
        onPorts(
            cluster, port(open.scheduler()), wanted.connectDashboard() ? port(open.http()) : null),
        "connecting to the scheduler");
  }

  private static Cluster withDashboard(Cluster cluster, SchedulerHttp api) {
    return api.missingDashboard()
        .map(reason -> cluster.warnedOf("connectDashboard: " + reason))
        .orElse(cluster);
  }

  /** The local port that was asked for is taken: choosing another is the user's business. */
  static ClusterException refused(PortInUseException e, ClusterRequest request) {
    String variable = e.port() == request.localPort() ? "localPort" : "localDashboardPort";
    return new ClusterException(
        ClusterError.DASK_PORT_IN_USE,
        "%s = %d: %s; choose another, or 0 for any free one"
            .formatted(variable, e.port(), e.getMessage()),
        e);
  }

  private static Cluster onPorts(Cluster cluster, int scheduler, Integer dashboard) {
    return cluster.with().localPort(scheduler).localDashboardPort(dashboard).build();
  }

  private static int port(Tunnel tunnel) {
    return tunnel.localAddress().getPort();
  }

  @Override
  public Progress look(Cluster cluster, Supplier<ClusterRequest> request) {
    ClusterTunnels.Tunnels open = tunnels.of(cluster);
    Tunnel scheduler = open.scheduler();
    try {
      SchedulerProbe.probe(scheduler.localAddress(), cluster.scheduler().protocol(), PROBE_TIMEOUT);
      return Progress.done(
          cluster.localDashboardPort() == null ? cluster : withDashboard(cluster, open.api()));
    } catch (IOException e) {
      new JobWatch(sites.get(cluster.site()).unicore())
          .alive(cluster.scheduler().job(), ClusterError.DASK_SCHEDULER_FAILED, "scheduler");
      return Progress.waiting(
          cluster,
          "connecting to the scheduler: " + scheduler.lastFailure().orElse(e.getMessage()));
    }
  }
}

package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.request.TunnelKind;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.dask.ClientCertificate;
import io.unicoredask.dask.SchedulerHttpException;
import io.unicoredask.dask.SchedulerProbe;
import io.unicoredask.tunnel.PortInUseException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/** Tries whether the scheduler can be reached through the local ports, which it opens. */
class PortProbe {

  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final ClusterTunnels tunnels;
  private final Site site;

  PortProbe(ClusterTunnels tunnels, Site site) {
    this.tunnels = tunnels;
    this.site = site;
  }

  /**
   * Tries it.
   *
   * @param hasTls whether the cluster has certificates, so that one of them is shown
   */
  TunnelSeen probe(Cluster cluster, boolean hasTls) {
    if (cluster.tunnel() == TunnelKind.AUTO) {
      return RelayFinder.of(cluster, site.unicore()).isPresent()
          ? new TunnelSeen.RelayThere()
          : new TunnelSeen.NoRelay();
    }
    try {
      return speak(cluster, hasTls, tunnels.of(cluster, site));
    } catch (PortInUseException e) {
      return new TunnelSeen.PortTaken(refused(e, cluster.localPort()));
    } catch (SchedulerHttpException e) {
      return new TunnelSeen.NotConnected(e.getMessage(), tunnels.isRelayGone(cluster));
    }
  }

  private TunnelSeen speak(Cluster cluster, boolean hasTls, ClusterTunnels.Tunnels open) {
    try {
      InetSocketAddress address = open.scheduler().localAddress();
      if (hasTls) {
        SchedulerProbe.probe(address, certificate(cluster), TIMEOUT);
      } else {
        SchedulerProbe.probe(address, cluster.scheduler().protocol(), TIMEOUT);
      }
      SchedulerContact contact = open.contact();
      boolean dashboard = cluster.localDashboardPort() != null;
      return new TunnelSeen.Connected(
          open.scheduler().localAddress().getPort(),
          open.http().localAddress().getPort(),
          dashboard ? contact.dashboard() : SchedulerContact.USUAL_DASHBOARD,
          dashboard ? contact.missingDashboard() : Optional.empty());
    } catch (IOException e) {
      return new TunnelSeen.NotConnected(
          "connecting to the scheduler: " + open.scheduler().lastFailure().orElse(e.getMessage()),
          tunnels.isRelayGone(cluster));
    }
  }

  private ClientCertificate certificate(Cluster cluster) throws IOException {
    return ClientFiles.certificate(cluster, site.unicore())
        .orElseThrow(
            () -> new IOException("its certificates are gone from the directory of its job"));
  }

  /** The local port that was asked for is taken. */
  static ClusterException refused(PortInUseException e, int localPort) {
    String variable = e.port() == localPort ? "localPort" : "localDashboardPort";
    return new ClusterException(
        ClusterError.DASK_PORT_IN_USE,
        "%s = %d: %s; %s"
            .formatted(
                variable,
                e.port(),
                e.getMessage(),
                e.port() == 0
                    ? "wait for a cluster that ends, or have unicore-dask.tunnel.ports widened"
                    : "choose another, or 0 for any free one"),
        e);
  }
}

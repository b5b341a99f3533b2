package io.unicoredask.cluster.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.unicoredask.cluster.TestSites;
import io.unicoredask.cluster.request.TunnelKind;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.tunnel.LocalHost;
import io.unicoredask.tunnel.LocalPorts;
import io.unicoredask.tunnel.PortInUseException;
import io.unicoredask.tunnel.Tunnel;
import io.unicoredask.tunnel.TunnelFactory;
import io.unicoredask.tunnel.TunnelSettings;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClusterTunnelsTest {

  private final TunnelFactory factory = new TunnelFactory(TunnelSettings.defaults());
  private final ClusterTunnels tunnels = new ClusterTunnels(factory);
  private final Site site = TestSites.unreachable("hpc");

  @AfterEach
  void closeFactory() {
    factory.close();
  }

  @Test
  void whoeverAsksAgainGetsTheSameTunnels() {
    assertThat(of("one")).isSameAs(of("one"));
  }

  @Test
  void aClustersPortsAreClosedAndThoseOfOthersStay() {
    Tunnel scheduler = of("one").scheduler();
    Tunnel other = of("other").scheduler();
    tunnels.close("one");
    tunnels.close("one");

    assertThat(scheduler.isOpen()).isFalse();
    assertThat(other.isOpen()).isTrue();
  }

  @Test
  void whatLeadsThereDirectlyHasNoRelayThatMayBeGone() {
    of("one");

    assertThat(tunnels.isRelayGone(cluster("one"))).isFalse();
    assertThat(tunnels.isRelayGone(cluster("other"))).isTrue();
  }

  @Test
  void aPortThatIsTakenIsSaidToBeTheOtherClusters() {
    int port = of("one").scheduler().localAddress().getPort();

    assertThatExceptionOfType(PortInUseException.class)
        .isThrownBy(() -> tunnels.requireFree(port))
        .withMessageContaining("cluster one");
    assertThatNoException().isThrownBy(() -> tunnels.requireFree(0));
  }

  @Test
  void portsAreThoseOfTheAddressThatIsListenedOn() {
    LocalHost host = new LocalHost("127.0.0.2", "dask.example.org");
    Duration time = Duration.ofSeconds(1);
    try (TunnelFactory elsewhere =
        new TunnelFactory(
            new TunnelSettings(host, LocalPorts.unprivileged(), time, time, 9, time))) {
      ClusterTunnels there = new ClusterTunnels(elsewhere);
      int port = there.of(cluster("one"), site).scheduler().localAddress().getPort();

      assertThatExceptionOfType(PortInUseException.class).isThrownBy(() -> there.requireFree(port));
      assertThatNoException().isThrownBy(() -> tunnels.requireFree(port));
      assertThat(there.publicHost()).isEqualTo("dask.example.org");
    }
  }

  @Test
  void theHttpServerIsOpenToOtherMachinesOnlyAsADashboard() {
    LocalHost host = new LocalHost("0.0.0.0", "dask.example.org");
    Duration time = Duration.ofSeconds(1);
    try (TunnelFactory open =
        new TunnelFactory(
            new TunnelSettings(host, LocalPorts.unprivileged(), time, time, 9, time))) {
      ClusterTunnels there = new ClusterTunnels(open);
      ClusterTunnels.Tunnels without = there.of(cluster("one"), site);
      ClusterTunnels.Tunnels with =
          there.of(cluster("two").with().localDashboardPort(0).build(), site);

      assertThat(without.scheduler().localAddress().getAddress().isAnyLocalAddress()).isTrue();
      assertThat(without.http().localAddress().getAddress().isLoopbackAddress()).isTrue();
      assertThat(with.http().localAddress().getAddress().isAnyLocalAddress()).isTrue();
    }
  }

  private ClusterTunnels.Tunnels of(String id) {
    return tunnels.of(cluster(id), site);
  }

  private static Cluster cluster(String id) {
    URI job = URI.create("jobs/1");
    SchedulerJob scheduler =
        SchedulerJob.wanted()
            .with()
            .job(job)
            .forwarding(job)
            .protocol("tcp")
            .host("node1")
            .port(8786)
            .dashboardPort(8787)
            .build();
    return Cluster.planned(id, "hpc")
        .with()
        .scheduler(scheduler)
        .tunnel(TunnelKind.DIRECT)
        .localPort(0)
        .build();
  }
}

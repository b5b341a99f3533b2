package io.unicoredask.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.unicoredask.cluster.site.Sites;
import io.unicoredask.tunnel.Tunnel;
import io.unicoredask.tunnel.TunnelFactory;
import io.unicoredask.tunnel.TunnelSettings;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClusterTunnelsTest {

  private final TunnelFactory factory = new TunnelFactory(TunnelSettings.defaults());
  private final ClusterTunnels tunnels =
      new ClusterTunnels(factory, new Sites(List.of(TestSites.unreachable("hpc"))));

  @AfterEach
  void closeFactory() {
    factory.close();
  }

  @Test
  void whoeverAsksAgainGetsTheSameTunnels() {
    assertThat(tunnels.of(cluster("one"))).isSameAs(tunnels.of(cluster("one")));
  }

  @Test
  void aLookThatBeganBeforeTheTeardownDoesNotOpenThePortsAgain() {
    Tunnel scheduler = tunnels.of(cluster("one")).scheduler();
    tunnels.close(cluster("one"));

    assertThatIllegalStateException().isThrownBy(() -> tunnels.of(cluster("one")));
    assertThat(scheduler.isOpen()).isFalse();
    assertThat(tunnels.of(cluster("other")).scheduler().isOpen()).isTrue();
  }

  private static Cluster cluster(String id) {
    URI job = URI.create("https://hpc.example.org/HPC/rest/core/jobs/1");
    SchedulerJob scheduler =
        new SchedulerJob(job, job, "/scratch/", job, "Scheduler-1", "tcp", "node1", 8786, 8787);
    return Cluster.planned(id, "hpc").with().scheduler(scheduler).localPort(0).build();
  }
}

package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.cluster.keeper.ClusterTunnels;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.tunnel.LocalHost;
import io.unicoredask.tunnel.LocalPorts;
import io.unicoredask.tunnel.TunnelFactory;
import io.unicoredask.tunnel.TunnelSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a node does that does not look after the clusters. */
class DaskRuntimeTest {

  @Test
  void portsThatClustersMayNotHaveAreRefusedOnEveryNode() {
    Duration time = Duration.ofSeconds(1);
    TunnelSettings settings =
        new TunnelSettings(LocalHost.loopback(), new LocalPorts(4300, 4400), time, time, 1, time);
    try (TunnelFactory factory = new TunnelFactory(settings);
        DaskRuntime node =
            new DaskRuntime(
                new Sites(List.of()),
                new ClusterTunnels(factory),
                false,
                () -> null,
                null,
                null,
                null)) {
      assertThat(node.leads()).isFalse();
      assertThat(node.portProblem(4299))
          .hasValue("local port 4299 is none of unicore-dask.tunnel.ports = 4300-4400");
      assertThat(node.portProblem(4300)).isEmpty();
      assertThat(node.portProblem(0)).isEmpty();
    }
  }
}

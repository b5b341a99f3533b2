package io.unicoredask.camunda;

import io.unicoredask.cluster.keeper.ClusterTunnels;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.tunnel.LocalHost;
import io.unicoredask.tunnel.LocalPorts;
import io.unicoredask.tunnel.TunnelFactory;
import io.unicoredask.tunnel.TunnelSettings;
import java.time.Duration;
import org.camunda.bpm.engine.ProcessEngine;

/** Another node of the same engine, for when the first one does not lead. */
final class OtherNode implements AutoCloseable {

  private final TunnelFactory tunnels;
  private final DaskRuntime runtime;

  private OtherNode(TunnelFactory tunnels, DaskRuntime runtime) {
    this.tunnels = tunnels;
    this.runtime = runtime;
  }

  static OtherNode start(ProcessEngine engine, Sites sites) {
    TunnelFactory tunnels =
        new TunnelFactory(
            new TunnelSettings(
                new LocalHost("127.0.0.1", null),
                LocalPorts.of("1024-65535"),
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                256,
                Duration.ofMinutes(10)));
    DaskRuntime runtime =
        new DaskRuntime(
            sites,
            new ClusterTunnels(tunnels),
            false,
            () -> engine,
            new WatchPace(
                Duration.ofMillis(100),
                Duration.ofMillis(500),
                Duration.ofSeconds(2),
                Duration.ofSeconds(15)),
            new SweepPace(Duration.ofMinutes(2), Duration.ofMinutes(2)),
            new IdentitySettings(null, Duration.ofMinutes(5), false));
    runtime.start();
    return new OtherNode(tunnels, runtime);
  }

  @Override
  public void close() {
    runtime.close();
    tunnels.close();
  }
}

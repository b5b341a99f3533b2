package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.site.Site;
import io.unicoredask.tunnel.PortInUseException;
import io.unicoredask.tunnel.Tunnel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tunnels that lead to a scheduler on this machine, whatever cluster asks for them. */
class FakeTunnels extends ClusterTunnels {

  final FakeScheduler scheduler = new FakeScheduler();
  final List<String> closed = new ArrayList<>();
  boolean relayGone;
  boolean taken;
  int port;
  String lastFailure;

  FakeTunnels() {
    super(null);
  }

  @Override
  Tunnels of(Cluster cluster, Site site) {
    if (taken) {
      throw new PortInUseException(cluster.localPort(), "is in use by another process", null);
    }
    return new Tunnels(new Local(), new Local(), scheduler, null);
  }

  @Override
  boolean isRelayGone(Cluster cluster) {
    return relayGone;
  }

  @Override
  void close(String id) {
    closed.add(id);
  }

  private final class Local implements Tunnel {

    @Override
    public InetSocketAddress localAddress() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public int connections() {
      return 0;
    }

    @Override
    public Optional<String> lastFailure() {
      return Optional.ofNullable(lastFailure);
    }

    @Override
    public void close() {}
  }
}

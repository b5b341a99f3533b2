package io.unicoredask.tunnel;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Opens tunnels, and owns the threads they run on: daemons, whose names begin with {@code
 * unicore-tunnel}.
 */
public final class TunnelFactory implements AutoCloseable {

  /** As a local port: any free one that no other machine reaches, whatever reaches others. */
  public static final int PRIVATE = -1;

  private final TunnelSettings settings;
  private final EventLoopGroup eventLoops =
      new NioEventLoopGroup(0, new DefaultThreadFactory("unicore-tunnel", true));
  private final ExecutorService blocking =
      Executors.newCachedThreadPool(
          new DefaultThreadFactory("unicore-tunnel-authentication", true));
  private final Set<NettyTunnel> tunnels = ConcurrentHashMap.newKeySet();
  private final Set<SiteLink> links = ConcurrentHashMap.newKeySet();
  private final Map<String, ByteCounts> counts = new ConcurrentHashMap<>();
  private boolean closed;

  /**
   * A factory without tunnels yet.
   *
   * @param settings how its tunnels listen and connect
   */
  public TunnelFactory(TunnelSettings settings) {
    this.settings = settings;
  }

  /** Where its tunnels listen, and what that is called. */
  public LocalHost host() {
    return settings.host();
  }

  /**
   * Opens a tunnel. The site is not asked for anything before a client connects.
   *
   * @param localPort the port of this machine to listen on; 0 for any free one, or {@link #PRIVATE}
   * @param target what it leads to
   * @return the tunnel, accepting clients
   * @throws PortInUseException if the port is taken
   * @throws UncheckedIOException if it cannot be listened on for another reason
   * @throws IllegalStateException if this factory is closed
   */
  public Tunnel open(int localPort, Forwarding target) {
    NettyTunnel tunnel =
        new NettyTunnel(
            target,
            target.service(),
            settings,
            Connector.to(target, settings, blocking),
            Optional::empty,
            counts(target.site()));
    listen(localPort, tunnel, eventLoops);
    return tunnel;
  }

  /**
   * Makes ready for a connection that the clients of several local ports share. The site is not
   * asked for anything before the link is told to connect.
   *
   * @param target where such a connection leads
   * @param leaving is run on the link's event loop when the link or this factory is closed, the
   *     link's connections still being open
   * @return the link, which is closed with this factory at the latest
   * @throws IllegalStateException if this factory is closed
   */
  public synchronized SiteLink link(Forwarding target, Runnable leaving) {
    requireOpen("%s: no connection".formatted(target));
    SiteLink link = new SiteLink(this, eventLoops.next(), target, settings, blocking, leaving);
    links.add(link);
    return link;
  }

  ByteCounts counts(String site) {
    return counts.computeIfAbsent(site, first -> new ByteCounts());
  }

  /** What goes through its tunnels to the site of that name. */
  public Traffic traffic(String site) {
    List<NettyTunnel> open = tunnels.stream().filter(tunnel -> tunnel.site().equals(site)).toList();
    ByteCounts bytes = counts(site);
    return new Traffic(
        open.size(),
        open.stream().mapToLong(NettyTunnel::connections).sum(),
        bytes.up().sum(),
        bytes.down().sum());
  }

  void forget(SiteLink link) {
    links.remove(link);
  }

  private void requireOpen(String otherwise) {
    if (closed) {
      throw new IllegalStateException(otherwise + ", the tunnel factory is closed");
    }
  }

  /**
   * Lets a tunnel accept clients.
   *
   * @param clients where its clients live
   */
  synchronized void listen(int localPort, NettyTunnel tunnel, EventLoopGroup clients) {
    requireOpen("%s: no tunnel on local port %d".formatted(tunnel.destination(), localPort));
    tunnel.listen(bind(localPort, tunnel, clients));
    tunnels.add(tunnel);
    tunnel.whenClosed(() -> tunnels.remove(tunnel));
  }

  private Channel bind(int asked, NettyTunnel tunnel, EventLoopGroup clients) {
    int localPort = Math.max(0, asked);
    LocalHost host = settings.host();
    String address = asked == PRIVATE ? host.closedAddress() : host.bindAddress();
    ChannelFuture tried = null;
    for (int port : localPort == 0 ? settings.ports().anyOf() : List.of(localPort)) {
      tried = tryToBind(new InetSocketAddress(address, port), tunnel, clients);
      if (tried.isSuccess()) {
        return tried.channel();
      }
    }
    if (localPort == 0
        && tried.cause() instanceof BindException
        && BindFailure.canListen(settings.host())) {
      throw new PortInUseException(
          0, "is wanted, but none of %s is free".formatted(settings.ports()), tried.cause());
    }
    throw cannotListen(localPort, tried.cause());
  }

  private ChannelFuture tryToBind(
      InetSocketAddress address, NettyTunnel tunnel, EventLoopGroup clients) {
    return new ServerBootstrap()
        .group(eventLoops, clients)
        .channel(NioServerSocketChannel.class)
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.AUTO_READ, false)
        // A failed write must not throw away what is still to be read.
        .childOption(ChannelOption.AUTO_CLOSE, false)
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.SO_KEEPALIVE, true)
        .childHandler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel client) {
                tunnel.accept(client);
              }
            })
        .bind(address)
        .awaitUninterruptibly();
  }

  /**
   * Why tunnels may not listen on a local port, whether it is free or not; nothing if they may.
   *
   * @param localPort the port; any will do if it is 0
   */
  public Optional<String> notAllowed(int localPort) {
    return localPort == 0 || settings.ports().allow(localPort)
        ? Optional.empty()
        : Optional.of(
            "local port %d is none of unicore-dask.tunnel.ports = %s"
                .formatted(localPort, settings.ports()));
  }

  /**
   * Sees to it that a local port can be listened on now.
   *
   * @param localPort the port; any will do if it is 0
   * @throws PortInUseException if it is taken, or not for this process
   * @throws UncheckedIOException if no port of the address can be listened on
   */
  public void requireFree(int localPort) {
    if (localPort == 0) {
      return;
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(settings.host().bindAddress(), localPort));
    } catch (IOException e) {
      throw cannotListen(localPort, e);
    }
  }

  private RuntimeException cannotListen(int localPort, Throwable cause) {
    return BindFailure.of(settings.host(), localPort, ownerOf(localPort), cause);
  }

  private Optional<String> ownerOf(int localPort) {
    return tunnels.stream()
        .filter(tunnel -> tunnel.localAddress().getPort() == localPort)
        .findAny()
        .map(tunnel -> "the tunnel to " + tunnel.destination());
  }

  /** Closes every tunnel and ends the threads. Closing twice does nothing. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    tunnels.forEach(NettyTunnel::close);
    links.forEach(SiteLink::close);
    blocking.shutdownNow();
    eventLoops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }
}

package io.unicoredask.tunnel;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For whoever serves the clients of local ports with a connection that they share: connects to a
 * site when told to, and opens local ports. Those connections and the clients live on one event
 * loop, so that they need no locks.
 */
public final class SiteLink implements AutoCloseable {

  /** How an attempt to connect went; exactly one of both is called, on the event loop. */
  public interface Outcome {

    /**
     * The site agreed. The handlers of the service's bytes have to be added to the connection; then
     * the switch-over removes those of HTTP, and what came along with the 101 goes to the new ones.
     *
     * @param upstream the connection, which is read only when asked to ({@code AUTO_READ} is off)
     * @param switchOver to be run once, when the handlers are there
     */
    void upgraded(Channel upstream, Runnable switchOver);

    /**
     * There is no connection.
     *
     * @param reason why, and what to do about it
     */
    void failed(String reason);
  }

  private static final Logger log = LoggerFactory.getLogger(SiteLink.class);

  /**
   * Up to four times as much at once as Netty would read: what is read goes on as one frame, and
   * each costs both ends the same, however long it is.
   */
  private static final RecvByteBufAllocator READS =
      new AdaptiveRecvByteBufAllocator(64, 2 * 1024, 256 * 1024);

  private final TunnelFactory factory;
  private final EventLoop eventLoop;
  private final Forwarding target;
  private final TunnelSettings settings;
  private final ExecutorService blocking;
  private final Runnable leaving;
  private final ChannelGroup upstreams =
      new DefaultChannelGroup("upstreams", GlobalEventExecutor.INSTANCE, true);
  private final List<Tunnel> tunnels = new ArrayList<>();
  private final Set<SiteConnector> attempts = new HashSet<>();
  private volatile boolean closed;

  /**
   * @param leaving is run on the event loop when this is closed, its connections still being open
   */
  SiteLink(
      TunnelFactory factory,
      EventLoop eventLoop,
      Forwarding target,
      TunnelSettings settings,
      ExecutorService blocking,
      Runnable leaving) {
    this.factory = factory;
    this.eventLoop = eventLoop;
    this.target = target;
    this.settings = settings;
    this.blocking = blocking;
    this.leaving = leaving;
  }

  /** Where its connections and its clients live. */
  public EventLoop eventLoop() {
    return eventLoop;
  }

  /** How long a client may wait to be connected. */
  public Duration patience() {
    return settings.handshakeTimeout();
  }

  /**
   * Connects to the site, and has the connection upgraded. For the event loop.
   *
   * @param outcome is told how it went, unless this is closed or its factory closing
   */
  public void connect(Outcome outcome) {
    if (closed) {
      return;
    }
    SiteConnector attempt =
        new SiteConnector(eventLoop, target, settings, blocking, this::opening, outcome);
    attempts.removeIf(SiteConnector::isOver);
    attempts.add(attempt);
    try {
      attempt.start();
    } catch (RejectedExecutionException e) {
      log.debug("{}: the factory is closing", target);
    }
  }

  private void opening(Channel upstream) {
    upstream.config().setRecvByteBufAllocator(READS);
    upstreams.add(upstream);
  }

  /**
   * Opens a local port.
   *
   * @param localPort the port of this machine to listen on; 0 for any free one
   * @param service what it leads to, for messages
   * @param serving is given each client, on the event loop
   * @param failure why no client can be served now, if that is known
   * @return the tunnel, accepting clients
   * @throws PortInUseException if the port is taken
   * @throws java.io.UncheckedIOException if it cannot be listened on for another reason
   * @throws IllegalStateException if this or its factory is closed
   */
  public synchronized Tunnel open(
      int localPort,
      String service,
      Consumer<LocalClient> serving,
      Supplier<Optional<String>> failure) {
    if (closed) {
      throw new IllegalStateException(
          "%s: no tunnel on local port %d, the connection is closed".formatted(target, localPort));
    }
    Consumer<LocalClient> accepting =
        client -> {
          client.channel().config().setRecvByteBufAllocator(READS);
          serving.accept(client);
        };
    NettyTunnel tunnel =
        new NettyTunnel(
            target, service, settings, accepting, failure, factory.counts(target.site()));
    factory.listen(localPort, tunnel, eventLoop);
    tunnels.add(tunnel);
    return tunnel;
  }

  /** Whether it was closed. */
  public boolean isClosed() {
    return closed;
  }

  /** Closes its local ports, then its connections. Closing twice does nothing. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      tunnels.forEach(Tunnel::close);
    }
    try {
      eventLoop.submit(this::leave).awaitUninterruptibly(5, TimeUnit.SECONDS);
    } catch (RejectedExecutionException e) {
      // the factory is closed, and its connections with it
    }
    upstreams.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
    factory.forget(this);
  }

  private void leave() {
    attempts.forEach(SiteConnector::abandon);
    leaving.run();
  }
}

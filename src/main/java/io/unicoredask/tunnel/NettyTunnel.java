package io.unicoredask.tunnel;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listener and all connections that came about through it. */
final class NettyTunnel implements Tunnel {

  private static final Logger log = LoggerFactory.getLogger(Tunnel.class);

  private final Forwarding target;
  private final String service;
  private final TunnelSettings settings;
  private final Consumer<LocalClient> serving;
  private final Supplier<Optional<String>> failure;
  private final ByteCounts counts;
  private final ChannelGroup clients = closedForGood("clients");
  private final ChannelGroup upstreams = closedForGood("upstreams");
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicReference<Failure> lastFailure = new AtomicReference<>();
  private final RefusedClientWarnings complaints = new RefusedClientWarnings(log, System::nanoTime);
  private volatile Channel listener;

  private record Failure(long client, String text) {}

  /**
   * @param service what it leads to, for messages
   * @param serving begins to serve a client, on its event loop
   * @param failure why no client can be served now, as far as whoever serves them knows
   * @param counts what its clients send and are sent is added there
   */
  NettyTunnel(
      Forwarding target,
      String service,
      TunnelSettings settings,
      Consumer<LocalClient> serving,
      Supplier<Optional<String>> failure,
      ByteCounts counts) {
    this.target = target;
    this.service = service;
    this.settings = settings;
    this.serving = serving;
    this.failure = failure;
    this.counts = counts;
  }

  /** A group that also closes what is added after it was closed. */
  private static ChannelGroup closedForGood(String name) {
    return new DefaultChannelGroup(name, GlobalEventExecutor.INSTANCE, true);
  }

  void listen(Channel listener) {
    this.listener = listener;
  }

  void whenClosed(Runnable action) {
    listener.closeFuture().addListener(closed -> action.run());
  }

  void accept(SocketChannel channel) {
    clients.add(channel);
    boolean full = clients.size() > settings.maxConnections();
    ClientHold hold = new ClientHold();
    channel
        .pipeline()
        .addLast(new CountedBytes(counts))
        .addLast(new IdleClientHandler(settings.idleTimeout()))
        .addLast(hold);
    LocalClient client = new LocalClient(this, accepted.incrementAndGet(), channel, hold);
    channel
        .eventLoop()
        .execute(
            () -> {
              if (full) {
                client.turnAway(
                    "%d clients are connected already; close some, or raise the limit"
                        .formatted(settings.maxConnections()));
              } else {
                serving.accept(client);
              }
            });
  }

  void add(Channel upstream) {
    upstreams.add(upstream);
  }

  /** Where it leads to in all, for messages. */
  String destination() {
    return "%s, %s => %s".formatted(target.site(), target.endpoint(), service);
  }

  /** The name of the site that it leads to. */
  String site() {
    return target.site();
  }

  /** What it leads to, for messages. */
  String service() {
    return service;
  }

  /** Says why a client is not served, unless that is because this tunnel closes. */
  void failed(long number, Channel client, String reason) {
    if (!client.parent().isOpen()) {
      return;
    }
    InetSocketAddress local = (InetSocketAddress) client.localAddress();
    String text =
        "%s, %s => %s: %s"
            .formatted(
                target.site(),
                Forwarding.hostAndPort(local.getAddress().getHostAddress(), local.getPort()),
                service,
                reason);
    lastFailure.accumulateAndGet(
        new Failure(number, text),
        (old, latest) -> old == null || old.client < latest.client ? latest : old);
    complaints.say(text);
  }

  /** Bytes of the service came for a client. */
  void served(long number) {
    lastFailure.updateAndGet(old -> old == null || old.client < number ? null : old);
  }

  @Override
  public InetSocketAddress localAddress() {
    return (InetSocketAddress) listener.localAddress();
  }

  @Override
  public boolean isOpen() {
    return listener.isOpen();
  }

  @Override
  public int connections() {
    return clients.size();
  }

  @Override
  public Optional<String> lastFailure() {
    return Optional.ofNullable(lastFailure.get()).map(Failure::text).or(failure);
  }

  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    clients.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
    upstreams.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
    awaitNextRound();
  }

  /** The JDK frees the port of a closed listener only in the next round of its selector. */
  private void awaitNextRound() {
    try {
      listener
          .eventLoop()
          .schedule(() -> {}, 1, TimeUnit.MILLISECONDS)
          .awaitUninterruptibly(1, TimeUnit.SECONDS);
    } catch (RejectedExecutionException e) {
      // the factory is closed, and its selectors with it
    }
  }

  @Override
  public String toString() {
    return localAddress() + ", " + destination();
  }
}

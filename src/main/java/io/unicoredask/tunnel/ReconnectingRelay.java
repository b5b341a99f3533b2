package io.unicoredask.tunnel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one session with a relay, and gives it the clients of the tunnels. The session and the
 * clients live on one event loop, so that they need no locks.
 */
final class ReconnectingRelay
    implements RelayConnection, SiteConnector.Outcome, RelayIntroduction.Outcome {

  private static final Logger log = LoggerFactory.getLogger(RelayConnection.class);

  private static final WriteBufferWaterMark BUFFER =
      new WriteBufferWaterMark(256 * 1024, 512 * 1024);
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LAST_PAUSE_MILLIS = 30_000;

  /** The longest pause while a client waits. */
  private static final long WAITED_PAUSE_MILLIS = 2_000;

  /** A session that lasted this long was a good one. */
  private static final long GOOD_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final TunnelFactory factory;
  private final EventLoop eventLoop;
  private final Forwarding target;
  private final RelaySecret secret;
  private final TunnelSettings settings;
  private final ExecutorService blocking;
  private final ChannelGroup upstreams =
      new DefaultChannelGroup("relays", GlobalEventExecutor.INSTANCE, true);
  private final List<Tunnel> tunnels = new ArrayList<>();
  private final Set<Waiting> waiting = new LinkedHashSet<>();

  private SiteConnector attempt;
  private Channel upstream;
  private ScheduledFuture<?> retry;
  private int failures;
  private long connectedAt;
  private volatile RelaySession session;
  private volatile boolean gone;
  private volatile int connects;
  private volatile String lastFailure;
  private volatile boolean closed;

  /** A client without a connection. */
  private record Waiting(
      NettyTunnel tunnel,
      long number,
      SocketChannel client,
      ClientHold hold,
      RelayService service) {}

  ReconnectingRelay(
      TunnelFactory factory,
      EventLoop eventLoop,
      Forwarding target,
      RelaySecret secret,
      TunnelSettings settings,
      ExecutorService blocking) {
    this.factory = factory;
    this.eventLoop = eventLoop;
    this.target = target;
    this.secret = secret;
    this.settings = settings;
    this.blocking = blocking;
  }

  void start() {
    eventLoop.execute(this::connect);
  }

  // tunnels and their clients

  @Override
  public synchronized Tunnel open(int localPort, RelayService service) {
    if (closed) {
      throw new IllegalStateException(
          "%s: the connection to the relay is closed".formatted(target));
    }
    String text = "%s through the relay at %s".formatted(service, target.service());
    NettyTunnel tunnel =
        new NettyTunnel(
            target,
            text,
            settings.maxConnections(),
            (through, number, client, hold) ->
                serve(new Waiting(through, number, client, hold, service)),
            this::lastFailure);
    factory.listen(localPort, tunnel, eventLoop);
    tunnels.add(tunnel);
    return tunnel;
  }

  private void serve(Waiting client) {
    if (!client.client().isActive()) {
      return;
    }
    if (session != null) {
      handOver(client);
      return;
    }
    waiting.add(client);
    Future<?> deadline =
        eventLoop.schedule(
            () -> tooLate(client), settings.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS);
    client
        .client()
        .closeFuture()
        .addListener(
            gone -> {
              waiting.remove(client);
              deadline.cancel(false);
            });
    if (retry != null && retry.getDelay(TimeUnit.MILLISECONDS) > WAITED_PAUSE_MILLIS) {
      retryIn(WAITED_PAUSE_MILLIS);
    }
  }

  private void handOver(Waiting client) {
    session.open(
        client.tunnel(), client.number(), client.client(), client.hold(), client.service());
  }

  private void tooLate(Waiting client) {
    if (waiting.remove(client)) {
      client
          .tunnel()
          .turnAway(
              client.number(),
              client.client(),
              "no connection to the relay within %s: %s"
                  .formatted(
                      settings.handshakeTimeout(), lastFailure().orElse("still connecting")));
    }
  }

  // connecting

  private void connect() {
    retry = null;
    if (closed) {
      return;
    }
    attempt = new SiteConnector(eventLoop, target, settings, blocking, upstreams::add, this);
    try {
      attempt.start();
    } catch (RejectedExecutionException e) {
      log.debug("{}: the factory is closing", target);
    }
  }

  @Override
  public void upgraded(Channel channel, Runnable switchOver) {
    upstream = channel;
    RelayIntroduction introduction = new RelayIntroduction(secret, target.service(), this);
    channel.pipeline().addLast(introduction);
    channel.config().setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, BUFFER);
    channel.config().setAutoRead(true); // the windows of the streams say how much may come
    switchOver.run();
    introduction.speak();
  }

  @Override
  public void introduced(ChannelHandlerContext introduction) {
    RelaySession begun = new RelaySession(this::ended);
    ChannelPipeline pipeline = introduction.pipeline();
    pipeline.addLast(new FrameDecoder(), begun);
    session = begun;
    pipeline.remove(introduction.handler());
    connectedAt = System.nanoTime();
    connects++;
    lastFailure = null;
    gone = false;
    log.info("{}: connected to the relay", target);
    List<Waiting> clients = List.copyOf(waiting);
    waiting.clear();
    clients.forEach(this::serve);
  }

  @Override
  public void strange(String reason) {
    upstream.close();
    failed(reason);
    gone = true;
  }

  private void ended(String reason) {
    session = null;
    if (System.nanoTime() - connectedAt > GOOD_NANOS) {
      failures = 0;
    }
    failed(reason);
  }

  @Override
  public void failed(String reason) {
    gone = false;
    if (closed) {
      return;
    }
    String text = "%s, relay at %s: %s".formatted(target.site(), target.service(), reason);
    if (text.equals(lastFailure)) {
      log.debug(text);
    } else {
      log.warn("{}; trying again", text);
    }
    lastFailure = text;
    long pause = Math.min(LAST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failures, 16));
    failures++;
    // Not all clusters of a site at the same moment.
    pause += ThreadLocalRandom.current().nextLong(pause / 4);
    retryIn(waiting.isEmpty() ? pause : Math.min(pause, WAITED_PAUSE_MILLIS));
  }

  private void retryIn(long millis) {
    if (retry != null) {
      retry.cancel(false);
    }
    retry = eventLoop.schedule(this::connect, millis, TimeUnit.MILLISECONDS);
  }

  // state

  @Override
  public boolean isConnected() {
    return session != null;
  }

  @Override
  public boolean isGone() {
    return gone;
  }

  @Override
  public int connects() {
    return connects;
  }

  @Override
  public Optional<String> lastFailure() {
    return Optional.ofNullable(lastFailure);
  }

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
    if (retry != null) {
      retry.cancel(false);
    }
    if (attempt != null) {
      attempt.abandon();
    }
    if (session != null) {
      session.leave();
    }
  }

  @Override
  public String toString() {
    return "relay of " + target;
  }
}

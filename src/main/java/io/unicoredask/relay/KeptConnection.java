package io.unicoredask.relay;

import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.ScheduledFuture;
import io.unicoredask.relay.LaneAttempt.State;
import io.unicoredask.tunnel.Forwarding;
import io.unicoredask.tunnel.LocalClient;
import io.unicoredask.tunnel.SiteLink;
import io.unicoredask.tunnel.Tunnel;
import io.unicoredask.tunnel.TunnelFactory;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one session with a relay, and gives it the clients of the tunnels. The session and the
 * clients live on one event loop, so that they need no locks.
 */
final class KeptConnection implements RelayConnection, RelayAttempt.Outcome {

  private static final Logger log = LoggerFactory.getLogger(RelayConnection.class);

  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LAST_PAUSE_MILLIS = 30_000;

  /** The longest pause while a client waits. */
  private static final long WAITED_PAUSE_MILLIS = 2_000;

  /**
   * The pause after a connection has broken. It may be the scheduler that has; a site that tries to
   * connect to nothing cannot say so meanwhile.
   */
  private static final long BROKEN_PAUSE_MILLIS = 1_000;

  /** The pause after a relay has said that it ends: connecting keeps a site from other work. */
  private static final long GOODBYE_PAUSE_MILLIS = 5_000;

  /** A session that lasted this long was a good one. */
  private static final long GOOD_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** So often in a row one lane of two must have failed until one has to do. */
  private static final int ENOUGH_HALVES = 2;

  private static final List<Lane> ONE = List.of(Lane.BOTH);
  private static final List<Lane> TWO = List.of(Lane.UP, Lane.DOWN);

  private final Forwarding target;
  private final RelaySecret secret;
  private final boolean hasLanes;
  private final SiteLink link;
  private final Runnable changed;

  /** Null if there is none. */
  private final AgentLink agent;

  private final Set<Waiting> waiting = new LinkedHashSet<>();

  private ScheduledFuture<?> retry;
  private int failures;
  private int halves;
  private long connectedAt;
  private volatile Session session;
  private volatile boolean gone;
  private volatile boolean goodbye;
  private final AtomicInteger connects = new AtomicInteger();
  private volatile String lastFailure;

  /** A client without a connection. */
  private record Waiting(LocalClient client, RelayService service) {}

  KeptConnection(
      TunnelFactory tunnels,
      Forwarding target,
      RelaySecret secret,
      RelayFile file,
      Runnable changed) {
    this.target = target;
    this.secret = secret;
    this.hasLanes = file.hasLanes();
    this.changed = changed;
    this.link = tunnels.link(target, this::leave);
    this.agent =
        file.hasAgent()
            ? new AgentLink(link.eventLoop(), target.site() + ", " + target.service(), changed)
            : null;
  }

  void start() {
    link.eventLoop().execute(this::connect);
  }

  // tunnels and their clients

  @Override
  public Tunnel open(int localPort, RelayService service) {
    return link.open(
        localPort,
        "%s through the relay at %s".formatted(service, target.service()),
        client -> serve(new Waiting(client, service)),
        this::lastFailure);
  }

  private void serve(Waiting waiter) {
    SocketChannel channel = waiter.client().channel();
    if (!channel.isActive()) {
      return;
    }
    if (session != null) {
      session.open(waiter.client(), waiter.service());
      return;
    }
    waiting.add(waiter);
    Future<?> deadline =
        link.eventLoop()
            .schedule(() -> tooLate(waiter), link.patience().toMillis(), TimeUnit.MILLISECONDS);
    channel
        .closeFuture()
        .addListener(
            gone -> {
              waiting.remove(waiter);
              deadline.cancel(false);
            });
    if (retry != null && retry.getDelay(TimeUnit.MILLISECONDS) > WAITED_PAUSE_MILLIS) {
      retryIn(WAITED_PAUSE_MILLIS);
    }
  }

  private void tooLate(Waiting waiter) {
    if (waiting.remove(waiter)) {
      waiter
          .client()
          .turnAway(
              "no connection to the relay within %s: %s"
                  .formatted(link.patience(), lastFailure().orElse("still connecting")));
    }
  }

  // connecting

  private void connect() {
    retry = null;
    List<Lane> lanes = hasLanes && halves < ENOUGH_HALVES ? TWO : ONE;
    RelayAttempt.begin(link, secret, target.service(), lanes, this);
  }

  @Override
  public void reached(State.Open up, State.Open down) {
    Session begun = new Session(up.introduction().channel(), this::saysGoodbye, this::ended);
    session = begun;
    connectedAt = System.nanoTime();
    connects.incrementAndGet();
    lastFailure = null;
    gone = false;
    goodbye = false;
    ChannelPipeline pipeline = down.introduction().pipeline();
    pipeline.addLast(new FrameDecoder(), begun);
    if (up != down) {
      halves = 0;
      up.introduction().pipeline().addLast(new UpLane(begun)).remove(Introduction.class);
    }
    pipeline.remove(Introduction.class);
    if (session != begun) {
      return; // what came along with the proof has ended it
    }
    log.info("{}: connected to the relay", target);
    if (agent != null) {
      begun.open(agent);
    }
    List<Waiting> clients = List.copyOf(waiting);
    waiting.clear();
    clients.forEach(this::serve);
    changed.run();
  }

  @Override
  public void failed(State.Failed why) {
    failed(why.reason());
    gone = why.isStrange();
  }

  @Override
  public void failedInPart(State.Failed why) {
    halves++;
    if (halves == ENOUGH_HALVES) {
      log.warn(
          "{}: of two connections to the relay one cannot be had: {}; one has to do for both ways,"
              + " which makes it slower where a Gateway holds answers back",
          target,
          why.reason());
    }
    failed(why.reason());
  }

  private void saysGoodbye() {
    goodbye = true;
  }

  private void ended(String reason) {
    session = null;
    halves = 0;
    if (System.nanoTime() - connectedAt > GOOD_NANOS) {
      failures = 0;
    }
    failed(reason, goodbye ? GOODBYE_PAUSE_MILLIS : BROKEN_PAUSE_MILLIS);
    changed.run();
  }

  private void failed(String reason) {
    failed(reason, goodbye ? GOODBYE_PAUSE_MILLIS : FIRST_PAUSE_MILLIS);
  }

  private void failed(String reason, long least) {
    gone = false;
    if (link.isClosed()) {
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
    pause = Math.max(pause, least);
    failures++;
    // Not all clusters of a site at the same moment.
    pause += ThreadLocalRandom.current().nextLong(pause / 4);
    retryIn(waiting.isEmpty() || goodbye ? pause : Math.min(pause, WAITED_PAUSE_MILLIS));
  }

  private void retryIn(long millis) {
    if (retry != null) {
      retry.cancel(false);
    }
    retry = link.eventLoop().schedule(this::connect, millis, TimeUnit.MILLISECONDS);
  }

  // state

  @Override
  public Optional<SchedulerAgent> agent() {
    return Optional.ofNullable(agent);
  }

  @Override
  public boolean isConnected() {
    return session != null;
  }

  @Override
  public boolean isGone() {
    return gone;
  }

  @Override
  public boolean hasSaidGoodbye() {
    return goodbye;
  }

  @Override
  public int connects() {
    return connects.get();
  }

  @Override
  public Optional<String> lastFailure() {
    return Optional.ofNullable(lastFailure);
  }

  @Override
  public void close() {
    link.close();
  }

  private void leave() {
    if (retry != null) {
      retry.cancel(false);
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

package io.unicoredask.tunnel;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * Connects one client to the site, and hands both connections over to a pair of {@link Relay}s.
 *
 * <p>Both connections live on the client's event loop, so that they need no locks.
 */
final class Connector implements UpgradeHandler.Outcome {

  /** A site that does not take the close_notify must not hold up the closing of a tunnel. */
  private static final int CLOSE_NOTIFY_MILLIS = 500;

  private final NettyTunnel tunnel;
  private final long number;
  private final SocketChannel client;
  private final ClientHold hold;
  private final TunnelSettings settings;
  private final ExecutorService blocking;
  private final Forwarding target;

  private String step = "authenticating";
  private Future<?> preparation;
  private Future<?> deadline;
  private Channel upstream;
  private boolean over;
  private boolean handedOver;

  Connector(
      NettyTunnel tunnel,
      long number,
      SocketChannel client,
      ClientHold hold,
      TunnelSettings settings,
      ExecutorService blocking) {
    this.tunnel = tunnel;
    this.number = number;
    this.client = client;
    this.hold = hold;
    this.settings = settings;
    this.blocking = blocking;
    this.target = tunnel.target();
  }

  void start() {
    try {
      deadline =
          client
              .eventLoop()
              .schedule(
                  () -> fail(tooLate()),
                  settings.handshakeTimeout().toMillis(),
                  TimeUnit.MILLISECONDS);
      preparation = blocking.submit(this::prepare);
      client.closeFuture().addListener(closed -> abandon());
    } catch (RejectedExecutionException e) {
      client.close(); // the factory is closing
    }
  }

  private String tooLate() {
    return "no connection within %s, still %s; is the site up, and %s reachable from here?"
        .formatted(
            settings.handshakeTimeout(),
            step,
            Forwarding.hostAndPort(target.endpointHost(), target.endpointPort()));
  }

  /** Whatever may block: the caller's authentication, and looking up the site's address. */
  private void prepare() {
    Runnable next;
    try {
      HttpRequest request = UpgradeRequest.to(target);
      InetAddress address = InetAddress.getByName(target.endpointHost());
      InetSocketAddress site = new InetSocketAddress(address, target.endpointPort());
      next = () -> connect(site, request);
    } catch (UnknownHostException e) {
      next =
          () ->
              fail(
                  "the site's host %s is unknown; check the site's URL and the DNS"
                      .formatted(target.endpointHost()));
    } catch (RuntimeException e) {
      next =
          () ->
              fail(
                  "no authentication for the upgrade: %s; check the site's credential"
                      .formatted(e.getMessage()));
    }
    try {
      client.eventLoop().execute(next);
    } catch (RejectedExecutionException e) {
      client.close(); // the factory is closing
    }
  }

  private void connect(InetSocketAddress site, HttpRequest request) {
    if (over) {
      return;
    }
    step = "connecting";
    upstream =
        new Bootstrap()
            .group(client.eventLoop())
            .channel(NioSocketChannel.class)
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) settings.connectTimeout().toMillis())
            .option(ChannelOption.AUTO_READ, false)
            // A failed write must not throw away what is still to be read.
            .option(ChannelOption.AUTO_CLOSE, false)
            .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) throws Exception {
                    tunnel.add(channel);
                    if (target.secure()) {
                      channel.pipeline().addLast(tls());
                    }
                    channel
                        .pipeline()
                        .addLast(
                            new HttpClientCodec(), new UpgradeHandler(request, Connector.this));
                  }
                })
            .connect(site)
            .addListener(connected -> unlessConnected(connected.cause()))
            .channel();
  }

  private void unlessConnected(Throwable cause) {
    if (cause != null) {
      fail(
          "cannot connect to the site: %s; is the site up, and reachable from here?"
              .formatted(cause.getMessage()));
    }
  }

  private SslHandler tls() throws NoSuchAlgorithmException {
    SSLContext context = target.ssl() == null ? SSLContext.getDefault() : target.ssl();
    SSLEngine engine = context.createSSLEngine(target.endpointHost(), target.endpointPort());
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    SslHandler handler = new SslHandler(engine);
    handler.setHandshakeTimeoutMillis(0); // the deadline of the whole hand-shake covers it
    handler.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_MILLIS);
    return handler;
  }

  @Override
  public void stepping(String step) {
    this.step = step;
  }

  @Override
  public void upgraded(UpgradeHandler handler) {
    if (over) {
      return;
    }
    over = true;
    handedOver = true;
    deadline.cancel(false);
    upstream.pipeline().addLast(new FirstBytes(tunnel, number, client));
    Relay.join(client, upstream);
    upstream.pipeline().remove(handler);
    // What came along with the 101 leaves the codec here, into the relay.
    upstream.pipeline().remove(HttpClientCodec.class);
    client.pipeline().remove(hold);
    upstream.read();
  }

  @Override
  public void fail(String reason) {
    if (over) {
      return;
    }
    over = true;
    tunnel.failed(number, client, reason);
    Relay.abort(client);
  }

  private void abandon() {
    if (handedOver) {
      return; // the relays see to it
    }
    over = true;
    deadline.cancel(false);
    preparation.cancel(true);
    if (upstream != null) {
      upstream.close();
    }
  }
}

package io.unicoredask.tunnel;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
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
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** Connects to the site once, and has the connection upgraded to one to the service. */
final class SiteConnector implements UpgradeHandler.Outcome {

  /** A site that does not take the close_notify must not hold up the closing of a tunnel. */
  private static final int CLOSE_NOTIFY_MILLIS = 500;

  private final EventLoop eventLoop;
  private final Forwarding target;
  private final TunnelSettings settings;
  private final ExecutorService blocking;
  private final Consumer<Channel> opening;
  private final SiteLink.Outcome outcome;

  private String step = "authenticating";

  /** Null if none is needed, and until that is known. */
  private volatile HttpProxy proxy;

  private Future<?> preparation;
  private Future<?> deadline;
  private Channel upstream;
  private boolean over;

  /**
   * @param eventLoop where the connection lives, and every method here is called
   * @param opening is given the connection before it is opened
   * @param outcome is told how it went, unless it is abandoned
   */
  SiteConnector(
      EventLoop eventLoop,
      Forwarding target,
      TunnelSettings settings,
      ExecutorService blocking,
      Consumer<Channel> opening,
      SiteLink.Outcome outcome) {
    this.eventLoop = eventLoop;
    this.target = target;
    this.settings = settings;
    this.blocking = blocking;
    this.opening = opening;
    this.outcome = outcome;
  }

  /**
   * @throws RejectedExecutionException if the factory is closing
   */
  void start() {
    deadline =
        eventLoop.schedule(
            () -> fail(tooLate()), settings.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS);
    preparation = blocking.submit(this::prepare);
  }

  private String tooLate() {
    return "no connection within %s, still %s; is the site up, and %s reachable from %s?"
        .formatted(
            settings.handshakeTimeout(),
            step,
            Forwarding.hostAndPort(target.endpointHost(), target.endpointPort()),
            proxy == null ? "here" : "the proxy " + proxy);
  }

  /** Whatever may block: the caller's authentication, and looking up the site's address. */
  private void prepare() {
    Runnable next;
    try {
      HttpRequest request = UpgradeRequest.to(target);
      next = route(request);
    } catch (RuntimeException e) {
      next =
          () ->
              fail(
                  "no authentication for the upgrade: %s; check the site's credential"
                      .formatted(e.getMessage()));
    }
    try {
      eventLoop.execute(next);
    } catch (RejectedExecutionException e) {
      // the factory is closed, and its connections with it
    }
  }

  private Runnable route(HttpRequest request) {
    try {
      proxy = target.proxy().get();
      HttpRequest viaProxy = proxy == null ? null : ProxyRequest.to(target, proxy);
      // The host of a site behind a proxy may be known to the proxy only.
      String host = proxy == null ? target.endpointHost() : proxy.host();
      int port = proxy == null ? target.endpointPort() : proxy.port();
      InetSocketAddress first = new InetSocketAddress(InetAddress.getByName(host), port);
      return () -> connect(first, viaProxy, request);
    } catch (UnknownHostException e) {
      return () ->
          fail(
              proxy == null
                  ? "the site's host %s is unknown; check the site's URL and the DNS"
                      .formatted(target.endpointHost())
                  : "the proxy's host %s is unknown; check http.proxyHost, https.proxyHost and the DNS"
                      .formatted(proxy.host()));
    } catch (RuntimeException e) {
      return () -> fail("no way to the site's proxy: " + e.getMessage());
    }
  }

  /**
   * @param viaProxy what the proxy is asked; null if there is none
   */
  private void connect(InetSocketAddress first, HttpRequest viaProxy, HttpRequest request) {
    if (over) {
      return;
    }
    step = "connecting";
    upstream =
        new Bootstrap()
            .group(eventLoop)
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
                    opening.accept(channel);
                    if (viaProxy != null) {
                      HttpClientCodec codec = new HttpClientCodec();
                      channel
                          .pipeline()
                          .addLast(
                              codec, new ProxyHandler(viaProxy, proxy, codec, SiteConnector.this));
                    }
                    if (target.secure()) {
                      channel.pipeline().addLast(tls());
                    }
                    channel
                        .pipeline()
                        .addLast(
                            new HttpClientCodec(), new UpgradeHandler(request, SiteConnector.this));
                  }
                })
            .connect(first)
            .addListener(connected -> unlessConnected(connected.cause()))
            .channel();
  }

  private void unlessConnected(Throwable cause) {
    if (cause != null) {
      fail(
          "cannot connect to %1$s: %2$s; is %1$s up, and reachable from here?"
              .formatted(proxy == null ? "the site" : "the proxy " + proxy, cause.getMessage()));
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
    deadline.cancel(false);
    outcome.upgraded(
        upstream,
        () -> {
          upstream.pipeline().remove(handler);
          // What came along with the 101 leaves the codec here.
          upstream.pipeline().remove(HttpClientCodec.class);
        });
  }

  @Override
  public void fail(String reason) {
    if (over) {
      return;
    }
    abandon();
    outcome.failed(reason);
  }

  /** Whether it is not under way any more. */
  boolean isOver() {
    return over;
  }

  /** Gives up, if it is still under way. */
  void abandon() {
    if (over) {
      return;
    }
    over = true;
    deadline.cancel(false);
    if (preparation != null) {
      preparation.cancel(true);
    }
    if (upstream != null) {
      upstream.close();
    }
  }
}

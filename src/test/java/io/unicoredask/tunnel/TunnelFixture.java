package io.unicoredask.tunnel;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.slf4j.LoggerFactory;

/** Far ends, tunnels and clients that are gone after each test. */
public abstract class TunnelFixture {

  static {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
  }

  protected static final String SECRET = "Basic c2VjcmV0";
  protected static final Map<String, String> HEADERS = Map.of("Authorization", SECRET);
  private static final int SMALL_BUFFER = 64 << 10;
  protected static final Duration LONG = Duration.ofMinutes(1);

  protected final List<String> log = new CopyOnWriteArrayList<>();

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          log.add(event.getLevel() + " " + event.getFormattedMessage());
        }
      };

  protected TunnelFactory factory;

  @BeforeEach
  void begin() {
    factory = closing(new TunnelFactory(TunnelSettings.defaults()));
    appender.start();
    ((Logger) LoggerFactory.getLogger("io.unicoredask")).addAppender(appender);
  }

  @AfterEach
  void end() throws Exception {
    ((Logger) LoggerFactory.getLogger("io.unicoredask")).detachAppender(appender);
    Throwable failure = null;
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (AssertionError e) {
        failure = e;
      }
    }
    if (failure instanceof AssertionError error) {
      throw error;
    }
  }

  protected <T extends AutoCloseable> T closing(T closeable) {
    open.push(closeable);
    return closeable;
  }

  protected FarEnd farEnd(FarEnd.Mode mode) throws IOException {
    return farEnd(Transport.PLAIN, mode);
  }

  protected FarEnd farEnd(Transport transport, FarEnd.Mode mode) throws IOException {
    return closing(new FarEnd(transport.server(), mode));
  }

  protected static Forwarding forwarding(URI endpoint, SSLContext ssl) {
    return new Forwarding("DEMO-SITE", endpoint, "node07", 8786, () -> HEADERS, ssl);
  }

  protected Tunnel tunnelTo(FarEnd farEnd) {
    return tunnelTo(Transport.PLAIN, farEnd);
  }

  protected Tunnel tunnelTo(Transport transport, FarEnd farEnd) {
    return factory.open(0, forwarding(farEnd.endpoint(), transport.client()));
  }

  /** A factory whose clients must be connected within a time. */
  protected TunnelFactory hurried(Duration handshakeTimeout) {
    return closing(
        new TunnelFactory(
            new TunnelSettings(
                LocalHost.loopback(),
                LocalPorts.unprivileged(),
                LONG,
                handshakeTimeout,
                256,
                LONG)));
  }

  protected Socket client(Tunnel tunnel) throws IOException {
    return connected(closing(new Socket()), tunnel);
  }

  /** One that holds back whom it is joined to sooner. */
  protected Socket clientOfSmallBuffers(Tunnel tunnel) throws IOException {
    return connected(withSmallBuffers(closing(new Socket())), tunnel);
  }

  /** Without this the kernel has them grow to megabytes. */
  protected static Socket withSmallBuffers(Socket socket) throws SocketException {
    socket.setReceiveBufferSize(SMALL_BUFFER);
    socket.setSendBufferSize(SMALL_BUFFER);
    return socket;
  }

  private static Socket connected(Socket socket, Tunnel tunnel) throws IOException {
    socket.setSoTimeout((int) LONG.toMillis());
    socket.setTcpNoDelay(true);
    socket.connect(tunnel.localAddress());
    return socket;
  }

  /** Whether a client's connection was ended or reset, without a byte. */
  protected static boolean isTurnedAway(Socket client) {
    try {
      return client.getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }
}

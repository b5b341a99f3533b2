package io.unicoredask.tunnel;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;

/**
 * A site and the service behind it, on real sockets. Whatever goes wrong here fails the test when
 * this is closed.
 */
public final class FarEnd implements AutoCloseable {

  public static final String SWITCHING =
      "HTTP/1.1 101 Switching Protocols\r\n"
          + "Upgrade: UNICORE-Socket-Forwarding\r\nConnection: Upgrade\r\n\r\n";

  /** What this far end does with one connection, which is closed afterwards. */
  @FunctionalInterface
  public interface Mode {
    void serve(Connection connection) throws Exception;
  }

  private final ServerSocket listener;
  private final String scheme;
  private final Mode mode;
  private final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger ended = new AtomicInteger();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicLong moved = new AtomicLong();
  private volatile boolean closed;

  public FarEnd(SSLContext tls, Mode mode) throws IOException {
    InetAddress loopback = InetAddress.getByName("127.0.0.1");
    listener =
        tls == null
            ? new ServerSocket(0, 200, loopback)
            : tls.getServerSocketFactory().createServerSocket(0, 200, loopback);
    scheme = tls == null ? "http" : "https";
    this.mode = mode;
    start(this::acceptAll);
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "far end");
    thread.setDaemon(true);
    thread.start();
  }

  private void acceptAll() {
    while (true) {
      try {
        Socket socket = listener.accept();
        accepted.incrementAndGet();
        sockets.add(socket);
        start(() -> serve(socket));
      } catch (IOException e) {
        report(e);
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      mode.serve(new Connection(socket));
    } catch (Exception | AssertionError e) {
      report(e);
    } finally {
      ended.incrementAndGet();
    }
  }

  private void report(Throwable error) {
    if (!closed) {
      errors.add(error);
    }
  }

  public URI endpoint() {
    return endpoint("127.0.0.1");
  }

  URI endpoint(String host) {
    return URI.create(
        "%s://%s:%d/SITE/rest/core/jobs/j1/forward-port"
            .formatted(scheme, host, listener.getLocalPort()));
  }

  /** The requests so far, head only. */
  public List<String> requests() {
    return requests;
  }

  public int accepted() {
    return accepted.get();
  }

  /** How many connections are over. */
  public int ended() {
    return ended.get();
  }

  /** How many bytes its connections sent or swallowed in bulk. */
  public long moved() {
    return moved.get();
  }

  @Override
  public void close() throws IOException {
    closed = true;
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
    if (!errors.isEmpty()) {
      AssertionError failure = new AssertionError("the far end failed: " + errors);
      errors.forEach(failure::addSuppressed);
      throw failure;
    }
  }

  /** One connection from a tunnel. */
  public final class Connection {

    public final Socket socket;
    public final InputStream in;
    public final OutputStream out;

    private Connection(Socket socket) throws IOException {
      this.socket = socket;
      in = socket.getInputStream();
      out = socket.getOutputStream();
    }

    public String readRequest() throws IOException {
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
        int read = in.read();
        if (read < 0) {
          throw new EOFException("end of stream within the request: " + head);
        }
        head.write(read);
      }
      String text = head.toString(StandardCharsets.ISO_8859_1);
      requests.add(text);
      return text;
    }

    public void send(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }

    public void upgrade() throws IOException {
      readRequest();
      send(SWITCHING);
    }

    /** Sends a stream made of a seed, counting what is sent. */
    public void sendStream(RandomStream stream) throws IOException {
      stream.writeTo(out, moved);
    }

    /** Returns once the tunnel has ended the stream or reset the connection. */
    public void awaitEnd() throws IOException {
      try {
        in.transferTo(OutputStream.nullOutputStream());
      } catch (SocketException | javax.net.ssl.SSLException e) {
        // a reset: also an end
      }
    }

    /** Closes with a reset. */
    public void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }

  /** Upgrades, then sends everything back, and ends when the other side ends. */
  public static void echo(Connection connection) throws IOException {
    connection.upgrade();
    connection.in.transferTo(connection.out);
    connection.socket.shutdownOutput();
  }

  /** Upgrades, and passes bytes on between the tunnel and a service, until either ends. */
  public static void pipe(Connection connection, String host, int port) throws IOException {
    connection.upgrade();
    join(connection, host, port);
  }

  /** An HTTP proxy that connects to whatever it is asked to, as if all hosts were this one. */
  public static void proxy(Connection connection) throws IOException {
    String asked = connection.readRequest();
    int port = Integer.parseInt(asked.replaceFirst("(?s)^CONNECT \\S+:(\\d+) .*", "$1"));
    connection.send("HTTP/1.1 200 Connection established\r\nContent-Length: 7\r\n\r\n");
    join(connection, "127.0.0.1", port);
  }

  private static void join(Connection connection, String host, int port) throws IOException {
    try (Socket service = new Socket(host, port)) {
      service.setTcpNoDelay(true);
      Thread back =
          new Thread(
              () -> {
                try {
                  copy(service.getInputStream(), connection.out);
                  connection.socket.close();
                } catch (IOException e) {
                  // the other way has ended
                }
              });
      back.start();
      copy(connection.in, service.getOutputStream());
    } catch (SocketException | javax.net.ssl.SSLException e) {
      // either end was closed or reset
    }
  }

  private static void copy(InputStream in, OutputStream out) throws IOException {
    byte[] block = new byte[128 * 1024];
    for (int read = in.read(block); read >= 0; read = in.read(block)) {
      out.write(block, 0, read);
    }
  }

  /** Reads the request and never answers. */
  public static void silent(Connection connection) throws IOException {
    connection.readRequest();
    connection.awaitEnd();
  }

  /** Upgrades, says {@code x} and no more. */
  public static void silentService(Connection connection) throws IOException {
    connection.upgrade();
    try {
      connection.send("x");
    } catch (SocketException | javax.net.ssl.SSLException e) {
      return; // the tunnel was closed meanwhile
    }
    connection.awaitEnd();
  }

  /** What UNICORE does if nobody listens at the service's port. */
  public static void dropAfter101(Connection connection) throws IOException {
    connection.upgrade();
  }

  public static Mode refuse(String statusLine, String... headersAndBody) {
    return connection -> {
      connection.readRequest();
      String rest =
          headersAndBody.length == 0
              ? "Content-Length: 0\r\n\r\n"
              : String.join("\r\n", headersAndBody);
      connection.send("HTTP/1.1 " + statusLine + "\r\n" + rest);
      connection.awaitEnd();
    };
  }
}

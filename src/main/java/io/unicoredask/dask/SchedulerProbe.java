package io.unicoredask.dask;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Finds out whether a Dask scheduler is alive at the far end of a connection, which a connection
 * that is merely accepted, as by a tunnel, does not tell.
 */
public final class SchedulerProbe {

  private static final int MAX_GREETING = 64 * 1024;
  private static final int MAX_FRAMES = 16;
  private static final int TLS_ALERT = 0x15;
  private static final int TLS_HANDSHAKE = 0x16;
  private static final int TLS_MAJOR_VERSION = 0x03;

  private SchedulerProbe() {}

  /**
   * Connects, and waits for the scheduler to greet.
   *
   * <p>Nothing is written to a scheduler that speaks {@code tcp}, since it greets first. One that
   * speaks {@code tls} is sent the opening of a TLS handshake and is taken for alive when it
   * answers that in TLS; nothing is verified, and no secret is sent. So it is where the scheduler's
   * user has seen to TLS, and its certificates are not known here.
   *
   * @param address where to connect to, such as the local end of a tunnel
   * @param scheme {@code tcp} or {@code tls}, from the scheduler's address
   * @param timeout how long connecting and reading may take together, above zero
   * @throws NoSchedulerException if nothing listens there, or the far end closes without a word,
   *     says nothing in time, or says something a scheduler would not
   * @throws IllegalArgumentException if the scheme is neither {@code tcp} nor {@code tls}
   */
  public static SchedulerGreeting probe(InetSocketAddress address, String scheme, Duration timeout)
      throws NoSchedulerException {
    if (!scheme.equals("tcp") && !scheme.equals("tls")) {
      throw new IllegalArgumentException("cannot probe a scheduler that speaks '" + scheme + "'");
    }
    return ask(
        address,
        timeout,
        scheme.equals("tls") ? SchedulerProbe::answerToTls : SchedulerProbe::greeting);
  }

  /**
   * The same of a scheduler that speaks {@code tls}, as one of its clients: it has to show a
   * certificate of its cluster, takes ours, and greets.
   *
   * @param certificate ours
   * @throws NoSchedulerException also if it shows the certificate of another cluster, or none, or
   *     does not take ours
   * @throws IllegalArgumentException if our certificate cannot be used
   */
  public static SchedulerGreeting probe(
      InetSocketAddress address, ClientCertificate certificate, Duration timeout)
      throws NoSchedulerException {
    SSLSocketFactory sockets = certificate.context().getSocketFactory();
    return ask(
        address,
        timeout,
        (socket, deadline) -> {
          SSLSocket tls =
              (SSLSocket)
                  sockets.createSocket(socket, address.getHostString(), address.getPort(), true);
          tls.setSoTimeout(millisUntil(deadline));
          tls.startHandshake();
          return greeting(tls, deadline);
        });
  }

  private interface Question {
    SchedulerGreeting ask(Socket socket, long deadline) throws IOException;
  }

  private static SchedulerGreeting ask(
      InetSocketAddress address, Duration timeout, Question question) throws NoSchedulerException {
    long deadline = System.nanoTime() + timeout.toNanos();
    try (Socket socket = new Socket()) {
      socket.connect(address, millisUntil(deadline));
      return question.ask(socket, deadline);
    } catch (SocketTimeoutException e) {
      throw new NoSchedulerException(address, "nothing came within " + timeout, e);
    } catch (EOFException e) {
      throw new NoSchedulerException(
          address, "the far end closed the connection before it had introduced itself", e);
    } catch (IOException e) {
      throw new NoSchedulerException(address, e.getMessage(), e);
    }
  }

  private static SchedulerGreeting greeting(Socket socket, long deadline) throws IOException {
    return new SchedulerGreeting(Greeting.python(message(socket, deadline)));
  }

  /** A Dask message is its length, the number of its frames, their lengths, and the frames. */
  private static byte[] message(Socket socket, long deadline) throws IOException {
    long length = number(socket, deadline);
    long frames = number(socket, deadline);
    if (frames < 1 || frames > MAX_FRAMES || length < 8 * (1 + frames) || length > MAX_GREETING) {
      throw new IOException("what came is not the greeting of a Dask scheduler");
    }
    long first = number(socket, deadline);
    if (first < 1 || first > length - 8 * (1 + frames)) {
      throw new IOException("what came is not the greeting of a Dask scheduler");
    }
    read(socket, (int) (8 * (frames - 1)), deadline);
    return read(socket, (int) first, deadline);
  }

  private static long number(Socket socket, long deadline) throws IOException {
    return ByteBuffer.wrap(read(socket, Long.BYTES, deadline))
        .order(ByteOrder.LITTLE_ENDIAN)
        .getLong();
  }

  private static SchedulerGreeting answerToTls(Socket socket, long deadline) throws IOException {
    socket.getOutputStream().write(clientHello());
    byte[] answer = read(socket, 2, deadline);
    if ((answer[0] != TLS_HANDSHAKE && answer[0] != TLS_ALERT) || answer[1] != TLS_MAJOR_VERSION) {
      throw new IOException("the answer is not TLS");
    }
    return new SchedulerGreeting(null);
  }

  private static byte[] clientHello() throws IOException {
    try {
      SSLEngine engine = SSLContext.getDefault().createSSLEngine();
      engine.setUseClientMode(true);
      ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
      engine.wrap(ByteBuffer.allocate(0), hello);
      return Arrays.copyOf(hello.array(), hello.position());
    } catch (NoSuchAlgorithmException e) {
      throw new IOException("this Java has no TLS", e);
    }
  }

  private static byte[] read(Socket socket, int length, long deadline) throws IOException {
    byte[] bytes = new byte[length];
    int got = 0;
    while (got < length) {
      socket.setSoTimeout(millisUntil(deadline));
      int n = socket.getInputStream().read(bytes, got, length - got);
      if (n < 0) {
        throw new EOFException();
      }
      got += n;
    }
    return bytes;
  }

  private static int millisUntil(long deadline) throws SocketTimeoutException {
    long millis = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
    if (millis <= 0) {
      throw new SocketTimeoutException();
    }
    return (int) Math.min(millis, Integer.MAX_VALUE);
  }
}

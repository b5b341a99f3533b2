package io.unicoredask.dask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that begins to answer, on a real socket. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WholeAnswersTest {

  private static final String JSON =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ";

  /** What the server does once it has read a request. */
  private interface Answer {
    void write(Socket socket, OutputStream out) throws Exception;
  }

  private ServerSocket listener;

  @AfterEach
  void close() throws IOException {
    listener.close();
  }

  @Test
  void anAnswerThatStallsInItsBodyEndsWithTheTimeout() throws Exception {
    CompletableFuture<?> served =
        serve(
            (socket, out) -> {
              send(out, JSON + "1000\r\n\r\n{\"workers\": 1");
              socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            });

    SchedulerHttpException e = failure(Duration.ofMillis(300));

    assertThat(e.isRetryable()).isTrue();
    assertThat(e).hasMessageContaining("began, but did not end within 300 ms");
    served.get(); // the connection is closed, not left behind
  }

  @Test
  void anAnswerThatComesAByteAtATimeEndsWithTheTimeout() throws Exception {
    CompletableFuture<?> served =
        serve(
            (socket, out) -> {
              send(out, JSON + "1000000\r\n\r\n{");
              try {
                while (true) {
                  send(out, " ");
                  TimeUnit.MILLISECONDS.sleep(20);
                }
              } catch (IOException e) {
                // the client is gone
              }
            });

    assertThat(failure(Duration.ofMillis(500)).isRetryable()).isTrue();
    served.get();
  }

  @Test
  void aZippedAnswerThatStallsEndsWithTheTimeoutToo() throws Exception {
    serve(
        (socket, out) -> {
          send(out, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1000\r\n\r\n");
          out.write(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 0});
          out.flush();
          socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        });

    assertThat(failure(Duration.ofMillis(300)).isRetryable()).isTrue();
  }

  @Test
  void anAnswerWithoutEndIsReadUpToALimitOnly() throws Exception {
    CompletableFuture<?> served =
        serve(
            (socket, out) -> {
              send(out, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
              byte[] blanks = " ".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);
              try {
                while (true) {
                  out.write(blanks);
                }
              } catch (IOException e) {
                // the client has had enough
              }
            });

    SchedulerHttpException e = failure(Duration.ofSeconds(50));

    assertThat(e.isRetryable()).isFalse();
    assertThat(e).hasMessageContaining("longer than 16 MiB");
    served.get();
  }

  @Test
  void whatIsNotHttpStaysSo() throws Exception {
    serve((socket, out) -> send(out, "\u0015\u0003\u0003 no HTTP\r\n\r\n"));

    SchedulerHttpException e = failure(Duration.ofSeconds(50));

    assertThat(e.isRetryable()).isFalse();
    assertThat(e).hasMessageContaining("does it speak TLS");
  }

  @Test
  void anAnswerThatBreaksOffMayBeTriedAgain() throws Exception {
    serve((socket, out) -> send(out, JSON + "1000\r\n\r\n{\"workers\": 1"));

    assertThat(failure(Duration.ofSeconds(50)).isRetryable()).isTrue();
  }

  private SchedulerHttpException failure(Duration timeout) {
    URI base = URI.create("http://127.0.0.1:" + listener.getLocalPort());
    return catchThrowableOfType(
        SchedulerHttpException.class, () -> SchedulerHttp.at(base, timeout).counts());
  }

  private CompletableFuture<?> serve(Answer answer) throws IOException {
    listener = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
    return CompletableFuture.runAsync(
        () -> {
          try (Socket socket = listener.accept()) {
            socket.setTcpNoDelay(true);
            socket.getInputStream().read(new byte[8 * 1024]);
            answer.write(socket, socket.getOutputStream());
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        },
        task -> new Thread(task, "server").start());
  }

  private static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }
}

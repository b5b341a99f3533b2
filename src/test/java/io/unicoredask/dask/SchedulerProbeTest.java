package io.unicoredask.dask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulerProbeTest {

  // what distributed 2022.12.1 and 2026.8.0 both send
  private static final String GREETING =
      "3a0000000000000001000000000000002a00000000000000"
          + "83ab636f6d7072657373696f6ec0a6707974686f6e93030b07af7069636b6c652d70726f746f636f6c05";

  private static final Duration LONG = Duration.ofMinutes(1);

  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  @Test
  void aGreetingThatComesInPiecesTellsThePython() throws IOException {
    serve(
        client -> {
          for (byte b : HexFormat.of().parseHex(GREETING)) {
            client.getOutputStream().write(b);
            client.getOutputStream().flush();
          }
          client.getInputStream().read();
        });
    assertThat(SchedulerProbe.probe(address(), "tcp", LONG).python()).isEqualTo("3.11.7");
  }

  @Test
  void aFarEndThatClosesWithoutAWordIsNoScheduler() {
    serve(client -> {});
    assertNoScheduler("tcp", LONG, "closed the connection");
  }

  @Test
  void aFarEndThatClosesInTheMiddleIsNoScheduler() {
    serve(client -> client.getOutputStream().write(HexFormat.of().parseHex(GREETING), 0, 30));
    assertNoScheduler("tcp", LONG, "closed the connection");
  }

  @Test
  void aSilentFarEndIsGivenUpOn() {
    serve(client -> client.getInputStream().read());
    assertNoScheduler("tcp", Duration.ofMillis(200), "nothing came within PT0.2S");
  }

  @Test
  void aDripOfBytesDoesNotProlongTheTimeout() {
    serve(
        client -> {
          client.setSoTimeout(50);
          while (true) {
            client.getOutputStream().write(0);
            try {
              client.getInputStream().read();
            } catch (SocketTimeoutException e) {
              continue;
            }
            return;
          }
        });
    assertNoScheduler("tcp", Duration.ofMillis(300), "nothing came within");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // SSH-2.0-OpenSSH_9.2 and so on
        "5353482d322e302d4f70656e5353485f392e322064656269616e0d0a",
        // a length and a number of frames beyond all bounds
        "ffffffffffffff7fffffffffffffff7f0000000000000000",
        // a frame longer than the message
        "3a000000000000000100000000000000ffff000000000000",
        // an array that claims two thousand million elements
        "150000000000000001000000000000000500000000000000dd7fffffff",
        // a string that claims four thousand million characters
        "16000000000000000100000000000000060000000000000081dbffffffff",
        // an empty map
        "1100000000000000010000000000000001000000000000" + "0080"
      })
  void anythingElseIsNoSchedulerAndCostsNoMemory(String hex) {
    serve(
        client -> {
          client.getOutputStream().write(HexFormat.of().parseHex(hex));
          client.getInputStream().read();
        });
    assertNoScheduler("tcp", LONG, "greeting");
  }

  @Test
  void aPortThatNobodyListensOnIsNoScheduler() throws IOException {
    server.close();
    assertNoScheduler("tcp", LONG, "refused");
  }

  @Test
  void aTlsSchedulerIsKnownByItsAnswerToAHandshake() throws Exception {
    server.close();
    // without a certificate it answers with an alert, as Dask does with one it does not like
    server =
        SSLContext.getDefault()
            .getServerSocketFactory()
            .createServerSocket(0, 5, InetAddress.getLoopbackAddress());
    serve(client -> client.getInputStream().read());
    assertThat(SchedulerProbe.probe(address(), "tls", LONG).python()).isNull();
  }

  @Test
  void aPlainSchedulerIsNotTakenForOneWithTls() {
    serve(
        client -> {
          client.getOutputStream().write(HexFormat.of().parseHex(GREETING));
          client.getInputStream().readNBytes(100_000);
        });
    assertNoScheduler("tls", LONG, "not TLS");
  }

  private void assertNoScheduler(String scheme, Duration timeout, String reason) {
    long before = System.nanoTime();
    assertThatThrownBy(() -> SchedulerProbe.probe(address(), scheme, timeout))
        .isInstanceOf(NoSchedulerException.class)
        .hasMessageContaining("no Dask scheduler answers at")
        .hasMessageContaining(reason);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(LONG);
  }

  private InetSocketAddress address() {
    return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
  }

  private void serve(Behaviour behaviour) {
    ServerSocket listener = server;
    Thread thread =
        new Thread(
            () -> {
              try (Socket client = listener.accept()) {
                behaviour.serve(client);
              } catch (IOException e) {
                // the probe has gone, or the test is over
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private interface Behaviour {
    void serve(Socket client) throws IOException;
  }
}

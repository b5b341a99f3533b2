package io.unicoredask.localsite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A site behind a Gateway that does what real ones do; the service here is the test itself. */
@Timeout(300)
class GatewayFaultsTest {
  private static final int TLS_RECORD = 16 * 1024;

  private LocalSite site;
  private ServerSocket service;

  @BeforeEach
  void listen() throws IOException {
    service = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    service.close();
    site.close();
  }

  private String runningJob(GatewayFaults faults) throws IOException {
    site =
        LocalSite.start(
            LocalSiteSettings.builder()
                .tls(false)
                .stateLag(Duration.ofMillis(20))
                .gateway(faults)
                .build());
    String job = SiteClient.of(site).submit("{'Executable':'sleep 300'}");
    await().until(() -> SiteClient.of(site).json(job).path("status").asText().equals("RUNNING"));
    return job;
  }

  /** Asks for a connection to the service, and does not wait for the answer. */
  private Socket ask(String job) throws IOException {
    Socket socket = new Socket("localhost", site.baseUrl().getPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(60_000);
    String request =
        String.join(
            "\r\n",
            "GET /LOCAL-SITE/rest/core/jobs/%s/forward-port?port=%d&host=127.0.0.1 HTTP/1.1"
                .formatted(SiteClient.id(job), service.getLocalPort()),
            "Host: localhost",
            "Connection: Upgrade",
            "Upgrade: UNICORE-Socket-Forwarding",
            "Authorization: " + SiteClient.basic(site, site.user()),
            "",
            "");
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static Socket switched(Socket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) socket.getInputStream().read());
    }
    assertThat(head).startsWith("HTTP/1.1 101 ");
    return socket;
  }

  @Test
  void connectionsComeAboutOneAfterTheOther() throws Exception {
    String job = runningJob(new GatewayFaults(Duration.ofMillis(300), 0, false, false, 0));
    long begin = System.nanoTime();
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      sockets.add(ask(job));
    }

    for (Socket socket : sockets) {
      switched(socket).close();
    }

    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isGreaterThanOrEqualTo(Duration.ofMillis(1190));
  }

  @Test
  void anAnswerIsHeldUntilTheServiceSendsMore() throws Exception {
    String job = runningJob(new GatewayFaults(Duration.ZERO, 1, false, false, 0));
    try (Socket client = switched(ask(job));
        Socket accepted = service.accept()) {
      client.setSoTimeout(300);
      await().until(() -> isHeld(client, accepted));

      accepted.getOutputStream().write('c');

      assertThat(client.getInputStream().readNBytes(2)).isEqualTo(new byte[] {'b', 'c'});
    }
  }

  @Test
  void theEndOfMuchThatComesAtOnceIsHeldUntilTheServiceSendsMore() throws Exception {
    String job = runningJob(new GatewayFaults(Duration.ZERO, 1, false, false, 0));
    try (Socket client = switched(ask(job));
        Socket accepted = service.accept()) {
      client.setSoTimeout(300);
      AtomicInteger missing = new AtomicInteger();
      await().until(() -> missingOfMore(client, accepted, missing) == TLS_RECORD);

      accepted.getOutputStream().write('c');

      client.setSoTimeout(60_000);
      assertThat(client.getInputStream().readNBytes(TLS_RECORD + 1)).hasSize(TLS_RECORD + 1);
    }
  }

  /** How much has not come, having sent much more and waited. Only full buffers lose their end. */
  private static int missingOfMore(Socket client, Socket accepted, AtomicInteger missing)
      throws IOException {
    byte[] block = new byte[1024 * 1024];
    accepted.getOutputStream().write(block);
    missing.addAndGet(block.length);
    try {
      while (missing.get() > 0) {
        missing.addAndGet(-client.getInputStream().read(block));
      }
    } catch (SocketTimeoutException e) {
      // no more comes
    }
    return missing.get();
  }

  /** An answer that is not quick enough comes after the write, and is not held. */
  private static boolean isHeld(Socket client, Socket accepted) throws IOException {
    client.getOutputStream().write('a');
    accepted.getInputStream().read();
    accepted.getOutputStream().write('b');
    try {
      client.getInputStream().read();
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    }
  }

  @Test
  void aGreetingIsLost() throws Exception {
    String job = runningJob(new GatewayFaults(Duration.ZERO, 0, true, false, 0));
    await().until(() -> isGreetingLost(job));
  }

  /** One that is not quick enough, as on a busy machine, arrives; what comes later always does. */
  private boolean isGreetingLost(String job) throws Exception {
    try (Socket client = ask(job);
        Socket accepted = service.accept()) {
      accepted.getOutputStream().write("hello".getBytes());
      switched(client);
      client.getOutputStream().write('?');
      assertThat(accepted.getInputStream().read()).isEqualTo('?');

      accepted.getOutputStream().write('!');

      int first = client.getInputStream().read();
      assertThat(first).isIn((int) '!', (int) 'h');
      return first == '!';
    }
  }

  @Test
  void theEndOfOneDirectionEndsBoth() throws Exception {
    String job = runningJob(new GatewayFaults(Duration.ZERO, 0, false, true, 0));
    try (Socket client = switched(ask(job));
        Socket accepted = service.accept()) {
      client.shutdownOutput();

      assertThat(accepted.getInputStream().read()).isNegative();
      assertThat(client.getInputStream().read()).isNegative();
    }
  }

  @Test
  void oneRequestInSoManyIsAnswered503() throws Exception {
    String job = runningJob(new GatewayFaults(Duration.ZERO, 0, false, false, 3));
    List<Integer> statuses = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      statuses.add(SiteClient.of(site).get(job).statusCode());
    }

    assertThat(statuses).filteredOn(status -> status == 503).hasSize(2);
    assertThat(statuses).filteredOn(status -> status == 200).hasSize(4);
  }

  @Test
  void faultsOutOfRangeAreRefused() throws Exception {
    runningJob(GatewayFaults.NONE);
    assertThatThrownBy(() -> new GatewayFaults(Duration.ofMillis(-1), 0, false, false, 0))
        .hasMessageContaining("PT-0.001S");
    assertThatThrownBy(() -> new GatewayFaults(Duration.ZERO, -1, false, false, 0))
        .hasMessageContaining("one in -1");
  }
}

package io.unicoredask.localsite;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A connection to what a job listens on; the service here is the test itself. */
@Timeout(300)
class ForwardingTest {
  private static LocalSite site;
  private static LocalSite plainSite;
  private static String job;

  private ServerSocket service;

  @BeforeAll
  static void start() throws IOException {
    LocalSiteSettings.Builder settings =
        LocalSiteSettings.builder().user("alice").user("bob").stateLag(Duration.ofMillis(20));
    site = LocalSite.start(settings.build());
    plainSite = LocalSite.start(settings.tls(false).build());
    job = runningJob(site);
  }

  private static String runningJob(LocalSite at) {
    SiteClient client = SiteClient.of(at);
    String url = client.submit("{'Executable':'sleep 300'}");
    client.awaitStatus(url, "RUNNING");
    return url;
  }

  @AfterAll
  static void stop() {
    site.close();
    plainSite.close();
  }

  @BeforeEach
  void listen() throws IOException {
    service = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    service.close();
  }

  @Test
  void bytesGoBothWays() throws IOException {
    try (Connection connection = forward(site, job);
        Socket accepted = service.accept()) {
      connection.write("ping");
      assertThat(read(accepted.getInputStream(), 4)).isEqualTo("ping");
      accepted.getOutputStream().write("pong".getBytes(US_ASCII));
      assertThat(read(connection.in, 4)).isEqualTo("pong");
    }
  }

  @Test
  void aServiceThatSpeaksFirstIsHeardWhole() throws IOException {
    CompletableFuture<Void> speaking =
        CompletableFuture.runAsync(
            () -> {
              try (Socket accepted = service.accept()) {
                accepted.getOutputStream().write("hello at once".getBytes(US_ASCII));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    try (Connection connection = forward(site, job)) {
      assertThat(read(connection.in, 13)).isEqualTo("hello at once");
      assertThat(connection.in.read()).isEqualTo(-1);
      speaking.join();
    }
  }

  @Test
  void whatTheClientSendsWithTheRequestReachesTheService() throws IOException {
    try (Connection connection = new Connection(plainSite)) {
      connection.write(
          request(plainSite, "GET", path(runningJob(plainSite), service.getLocalPort()))
              + "too early");
      try (Socket accepted = service.accept()) {
        assertThat(read(accepted.getInputStream(), 9)).isEqualTo("too early");
      }
      assertThat(connection.readHead()).startsWith("HTTP/1.1 101 Switching Protocols\r\n");
    }
  }

  @Test
  void millionsOfBytesArriveUnchanged() throws Exception {
    byte[] sent = new byte[20_000_000];
    new Random(2).nextBytes(sent);
    CompletableFuture<Void> echo =
        CompletableFuture.runAsync(
            () -> {
              try (Socket accepted = service.accept()) {
                accepted.getInputStream().transferTo(accepted.getOutputStream());
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    String running = runningJob(plainSite);
    try (Connection connection = forward(plainSite, running)) {
      CompletableFuture<byte[]> received =
          CompletableFuture.supplyAsync(() -> connection.readAll());
      connection.out.write(sent);
      connection.socket.shutdownOutput();

      assertThat(received.get(2, TimeUnit.MINUTES)).isEqualTo(sent);
      echo.get(2, TimeUnit.MINUTES);
    }
  }

  @Test
  void whatIsNotReadIsNotTakenFromTheSender() throws Exception {
    try (Connection connection = forward(site, job);
        Socket accepted = service.accept()) {
      AtomicLong written = new AtomicLong();
      Thread writer =
          new Thread(
              () -> {
                byte[] chunk = new byte[64 * 1024];
                try {
                  while (written.get() < 500_000_000L) {
                    connection.out.write(chunk);
                    written.addAndGet(chunk.length);
                  }
                } catch (IOException closedAtTheEnd) {
                  // the test is over
                }
              });
      writer.start();
      AtomicLong before = new AtomicLong(-1);

      await()
          .pollInterval(Duration.ofMillis(300))
          .until(() -> before.getAndSet(written.get()) == written.get() && written.get() > 0);

      assertThat(written.get()).isLessThan(100_000_000L);
      assertThat(accepted.getInputStream().readNBytes(10_000_000)).hasSize(10_000_000);
      long stopped = before.get();
      await().until(() -> written.get() > stopped);
    }
  }

  @Test
  void theEndOfTheServicesBytesLeavesTheOtherDirectionOpen() throws IOException {
    try (Connection connection = forward(plainSite, runningJob(plainSite));
        Socket accepted = service.accept()) {
      accepted.shutdownOutput();
      assertThat(connection.in.read()).isEqualTo(-1);

      connection.write("still here");

      assertThat(read(accepted.getInputStream(), 10)).isEqualTo("still here");
    }
  }

  @Test
  void theEndOfTheClientsBytesLeavesTheOtherDirectionOpen() throws IOException {
    try (Connection connection = forward(plainSite, runningJob(plainSite));
        Socket accepted = service.accept()) {
      connection.socket.shutdownOutput();
      assertThat(accepted.getInputStream().read()).isEqualTo(-1);

      accepted.getOutputStream().write("still here".getBytes(US_ASCII));

      assertThat(read(connection.in, 10)).isEqualTo("still here");
    }
  }

  @Test
  void aClientThatLeavesEndsTheServicesConnection() throws IOException {
    try (Connection connection = forward(site, job);
        Socket accepted = service.accept()) {
      connection.close();

      assertThat(accepted.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void closingTheSiteEndsForwardedConnections() throws IOException {
    LocalSite closing = LocalSite.start(LocalSiteSettings.builder().tls(false).build());
    try (Connection connection = forward(closing, runningJob(closing));
        Socket accepted = service.accept()) {
      CountDownLatch ended = new CountDownLatch(1);
      new Thread(
              () -> {
                connection.readAll();
                ended.countDown();
              })
          .start();

      closing.close();

      assertThat(accepted.getInputStream().read()).isEqualTo(-1);
      await().until(() -> ended.getCount() == 0);
    }
  }

  @Test
  void aFinishedJobStillForwards() throws IOException {
    SiteClient client = SiteClient.of(site);
    String finished = client.submit("{'Executable':'date'}");
    client.awaitEnd(finished);

    try (Connection connection = forward(site, finished);
        Socket accepted = service.accept()) {
      assertThat(accepted.isConnected()).isTrue();
    }
  }

  @ParameterizedTest(name = "port {0}, host {1}")
  @CsvSource({"1,127.0.0.1", "service,nosuchhost.invalid", "service,192.0.2.1"})
  void switchingProtocolsDoesNotMeanConnected(String port, String host) throws IOException {
    String target = port.replace("service", String.valueOf(service.getLocalPort()));
    try (Connection connection = new Connection(site)) {
      connection.write(request(site, "GET", path(job, "?port=" + target + "&host=" + host)));

      assertThat(connection.readHead())
          .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
          .contains("\r\nUpgrade: UNICORE-Socket-Forwarding\r\nConnection: Upgrade\r\n");
      assertThat(connection.in.read()).isEqualTo(-1);
    }
  }

  @ParameterizedTest(name = "{0}{1} is {2}")
  @CsvSource({
    "JOB,'',500",
    "JOB,?port=abc,500",
    "JOB,?port=99999999,500",
    "JOB,?port=1&loginNode=nosuchnode,500",
    "nosuchjob,?port=1,404"
  })
  void aBadRequestIsRefusedWithoutABody(String id, String query, int status) throws IOException {
    String path =
        path(job, query).replace(SiteClient.id(job), id.replace("JOB", SiteClient.id(job)));

    assertThat(answer(site, request(site, "GET", path)))
        .contains(status + " ")
        .endsWith("\r\n\r\n");
  }

  @Test
  void aJobThatWasNeverQueuedIsRefused() throws IOException {
    String waiting = SiteClient.of(site).submit("{'Executable':'date','haveClientStageIn':'true'}");

    assertThat(answer(site, request(site, "GET", path(waiting, 1))))
        .startsWith("HTTP/1.1 500 Server Error\r\n");
  }

  @Test
  void strangersAreRefused() throws IOException {
    String alices = request(site, "GET", path(job, service.getLocalPort()));
    String credential = SiteClient.basic(site, "alice");

    assertThat(answer(site, alices.replace(credential, SiteClient.basic(site, "bob"))))
        .startsWith("HTTP/1.1 403 Forbidden\r\n");
    assertThat(answer(site, alices.replace(credential, "Basic YWxpY2U6bm9wZQ==")))
        .startsWith("HTTP/1.1 403 Forbidden\r\n");
    assertThat(answer(site, alices.replace("Authorization: " + credential + "\r\n", "")))
        .startsWith("HTTP/1.1 403 Forbidden\r\n");
    assertThat(
            answer(
                site,
                alices.replace(
                    "Upgrade: UNI", "X-UNICORE-SecuritySession: 0000-0000\r\nUpgrade: UNI")))
        .startsWith("HTTP/1.1 432 432\r\n");
  }

  @Test
  void aListOfConnectionOptionsIs503() throws IOException {
    String list =
        request(site, "GET", path(job, service.getLocalPort()))
            .replace("Connection: Upgrade", "Connection: keep-alive, Upgrade");

    assertThat(answer(site, list)).startsWith("HTTP/1.1 503 Service Unavailable\r\n");
  }

  @Test
  void onlyGetForwards() throws IOException {
    assertThat(answer(site, request(site, "POST", path(job, service.getLocalPort()))))
        .startsWith("HTTP/1.1 405 Method Not Allowed\r\n");
  }

  @Test
  void withoutUpgradeThereIsNothingToSee() {
    assertThat(SiteClient.of(site).json(job + "/forward-port?port=1"))
        .hasToString("{\"status\":\"Nothing to see here yet.\"}");
  }

  private Connection forward(LocalSite through, String toJob) throws IOException {
    Connection connection = new Connection(through);
    connection.write(request(through, "GET", path(toJob, service.getLocalPort())));
    assertThat(connection.readHead()).startsWith("HTTP/1.1 101 Switching Protocols\r\n");
    return connection;
  }

  private static String path(String toJob, int port) {
    return path(toJob, "?port=" + port + "&host=127.0.0.1");
  }

  private static String path(String toJob, String query) {
    return "/LOCAL-SITE/rest/core/jobs/" + SiteClient.id(toJob) + "/forward-port" + query;
  }

  private static String request(LocalSite to, String method, String path) {
    return String.join(
        "\r\n",
        method + " " + path + " HTTP/1.1",
        "Host: localhost:" + to.baseUrl().getPort(),
        "Connection: Upgrade",
        "Upgrade: UNICORE-Socket-Forwarding",
        "Authorization: " + SiteClient.basic(to, to.user()),
        "",
        "");
  }

  private static String answer(LocalSite to, String request) throws IOException {
    try (Connection connection = new Connection(to)) {
      connection.write(request);
      return connection.readHead();
    }
  }

  private static String read(InputStream in, int length) throws IOException {
    return new String(in.readNBytes(length), US_ASCII);
  }

  private static final class Connection implements AutoCloseable {
    final Socket socket;
    final InputStream in;
    final OutputStream out;

    Connection(LocalSite to) throws IOException {
      int port = to.baseUrl().getPort();
      socket =
          to.baseUrl().getScheme().equals("https")
              ? SiteClient.trusting(to).getSocketFactory().createSocket("localhost", port)
              : new Socket("localhost", port);
      in = socket.getInputStream();
      out = socket.getOutputStream();
    }

    void write(String text) throws IOException {
      out.write(text.getBytes(US_ASCII));
    }

    /** Reads byte by byte, so that nothing of what follows is taken. */
    String readHead() throws IOException {
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      while (!head.toString(US_ASCII).endsWith("\r\n\r\n")) {
        int next = in.read();
        if (next < 0) {
          break;
        }
        head.write(next);
      }
      return head.toString(US_ASCII);
    }

    byte[] readAll() {
      try {
        return in.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}

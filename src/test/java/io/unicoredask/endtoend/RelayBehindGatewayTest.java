package io.unicoredask.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.unicoredask.Patience;
import io.unicoredask.TestSite;
import io.unicoredask.dask.SchedulerFile;
import io.unicoredask.dask.SchedulerProbe;
import io.unicoredask.localsite.GatewayFaults;
import io.unicoredask.relay.RelayConnection;
import io.unicoredask.relay.RelayFile;
import io.unicoredask.relay.RelayService;
import io.unicoredask.tunnel.Tunnel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A site behind a Gateway with every fault that was seen of a real one: what direct forwarding
 * makes of it, and what a relay in the scheduler's job does.
 */
@Timeout(300)
class RelayBehindGatewayTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = RelaySite.LIMIT;

  @TempDir Path scratch;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private RelaySite site;

  @BeforeEach
  void start() throws IOException {
    site = new RelaySite(new GatewayFaults(Duration.ofSeconds(1), 4, true, true, 50));
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    site.close();
  }

  /** A job whose scheduler is a service of this test that sends everything back. */
  private URI echoJob(ServerSocket service) throws IOException {
    threads.submit(
        () -> {
          while (true) {
            Socket accepted = service.accept();
            accepted.setTcpNoDelay(true);
            threads.submit(
                () -> {
                  try (accepted) {
                    return accepted.getInputStream().transferTo(accepted.getOutputStream());
                  }
                });
          }
        });
    URI job =
        site.submit(
            JSON.createObjectNode()
                .put(
                    "Executable",
                    "python3 ./relay.py --scheduler-file ./" + RelaySite.SCHEDULER_FILE));
    Path mount = Path.of(site.directory(job).mountPoint());
    Files.writeString(
        mount.resolve(RelaySite.SCHEDULER_FILE),
        """
        {"type": "Scheduler", "id": "Scheduler-1", "address": "tcp://127.0.0.1:%d", "started": 1.0}
        """
            .formatted(service.getLocalPort()));
    return job;
  }

  private static Socket connect(Tunnel tunnel, Duration patience) throws IOException {
    Socket socket = new Socket();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) patience.toMillis());
    socket.connect(tunnel.localAddress());
    return socket;
  }

  /** Sends messages one by one, each when the one before has come back. */
  private static void pingPong(Socket socket, int seed, int times) throws IOException {
    Random random = new Random(seed);
    for (int i = 0; i < times; i++) {
      byte[] message = new byte[100];
      random.nextBytes(message);
      socket.getOutputStream().write(message);
      assertThat(socket.getInputStream().readNBytes(100)).isEqualTo(message);
    }
  }

  @Test
  void directForwardingStalls() throws Exception {
    try (ServerSocket service = new ServerSocket(0, 200, InetAddress.getByName("127.0.0.1"))) {
      URI job = echoJob(service);
      Tunnel direct =
          site.factory.open(0, site.forwarding(job, "127.0.0.1", service.getLocalPort()));

      int stalled = 0;
      for (int i = 0; i < 3; i++) {
        Socket socket = connect(direct, Duration.ofSeconds(5));
        try (socket) {
          pingPong(socket, i, 300);
        } catch (SocketTimeoutException | SocketException e) {
          stalled++;
        }
      }
      assertThat(stalled).isEqualTo(3);
    }
  }

  @Test
  void withAConnectionForEachDirectionNothingIsHeldBack() throws Exception {
    try (ServerSocket service = new ServerSocket(0, 200, InetAddress.getByName("127.0.0.1"))) {
      Tunnel tunnel = site.relay(echoJob(service)).open(0, RelayService.SCHEDULER);
      pingPong(connect(tunnel, LIMIT), 0, 1);
      long held = site.local.heldAnswers();

      aHundredClientsAtOnce(tunnel);

      assertThat(site.local.heldAnswers()).isEqualTo(held);
    }
  }

  @Test
  void withOneForBothWhatIsHeldBackIsPushedOn() throws Exception {
    try (ServerSocket service = new ServerSocket(0, 200, InetAddress.getByName("127.0.0.1"))) {
      URI job = echoJob(service);
      RelayFile file = site.relayFile(job);
      Tunnel tunnel =
          site.relay(job, new RelayFile(file.host(), file.port(), false, false))
              .open(0, RelayService.SCHEDULER);
      pingPong(connect(tunnel, LIMIT), 0, 1);
      long held = site.local.heldAnswers();

      aHundredClientsAtOnce(tunnel);

      assertThat(site.local.heldAnswers()).isGreaterThan(held);
    }
  }

  private void aHundredClientsAtOnce(Tunnel tunnel) throws Exception {
    List<Future<?>> clients = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      int seed = i;
      clients.add(
          threads.submit(
              () -> {
                try (Socket socket = connect(tunnel, LIMIT)) {
                  pingPong(socket, seed, 60);
                }
                return null;
              }));
    }
    for (Future<?> client : clients) {
      client.get(2, TimeUnit.MINUTES);
    }
  }

  @Test
  void manySmallMessagesBothWaysAtOnceArriveUnchanged() throws Exception {
    try (ServerSocket service = new ServerSocket(0, 200, InetAddress.getByName("127.0.0.1"))) {
      Tunnel tunnel = site.relay(echoJob(service)).open(0, RelayService.SCHEDULER);
      List<Future<?>> clients = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        int seed = i;
        clients.add(threads.submit(() -> chat(connect(tunnel, LIMIT), seed)));
      }
      for (Future<?> client : clients) {
        client.get(2, TimeUnit.MINUTES);
      }
    }
  }

  /** Writes 3,000 small messages while it reads what comes back of them. */
  private Void chat(Socket socket, int seed) throws Exception {
    try (socket) {
      CRC32 sent = new CRC32();
      CRC32 came = new CRC32();
      CompletableFuture<Void> reading =
          CompletableFuture.runAsync(
              () -> {
                try {
                  for (byte one : socket.getInputStream().readAllBytes()) {
                    came.update(one);
                  }
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              },
              threads);
      Random random = new Random(seed);
      for (int i = 0; i < 3000; i++) {
        byte[] message = new byte[1 + random.nextInt(100)];
        random.nextBytes(message);
        sent.update(message);
        socket.getOutputStream().write(message);
      }
      socket.shutdownOutput();
      reading.get(2, TimeUnit.MINUTES);
      assertThat(came.getValue()).isEqualTo(sent.getValue());
      return null;
    }
  }

  @Test
  void daskComputesAndItsDashboardIsServedThroughTheRelay() throws Exception {
    URI job = site.startDask(2);
    SchedulerFile written = site.schedulerFile(job);
    RelayConnection relay = site.relay(job);
    Tunnel tunnel = relay.open(0, RelayService.SCHEDULER);
    Tunnel dashboard = relay.open(0, RelayService.DASHBOARD);

    Tunnel direct = site.factory.open(0, site.forwarding(job, written.host(), written.port()));
    // An upgrade may be one of those that are answered 503.
    await()
        .untilAsserted(
            () ->
                assertThatThrownBy(
                        () ->
                            SchedulerProbe.probe(
                                direct.localAddress(), "tcp", Duration.ofSeconds(4)))
                    .hasMessageContaining("nothing came within"));
    SchedulerProbe.probe(tunnel.localAddress(), "tcp", Duration.ofSeconds(4));

    assertThat(compute("tcp://127.0.0.1:" + tunnel.localAddress().getPort()))
        .endsWith("3000 12502500");
    browse("http://127.0.0.1:" + dashboard.localAddress().getPort());
    assertThat(relay.connects()).isEqualTo(1);

    site.atLast(
        () -> {
          site.unicore.abort(job);
          return true;
        });
    await().atMost(LIMIT).until(() -> !relay.isConnected());
    assertThat(relay.lastFailure()).isPresent();
  }

  private String compute(String address) throws Exception {
    Path script = scratch.resolve("compute.py");
    Files.writeString(
        script,
        """
        import sys
        from distributed import Client

        with Client(sys.argv[1], timeout=60) as client:
            client.wait_for_workers(2, timeout=60)
            ones = client.gather(client.map(lambda x: x, range(3000)))
            assert ones == list(range(3000))
            total = 0
            for i in range(100):
                total += client.submit(lambda x: x * (x + 1) // 2, 500, pure=False).result() - 225
            print(len(ones), total)
        """);
    Path output = scratch.resolve("output");
    Process client =
        new ProcessBuilder(TestSite.python().toString(), script.toString(), address)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(Patience.seesTheEndOf(client)).as("ends in time").isTrue();
      assertThat(client.exitValue()).as(Files.readString(output)).isZero();
      return Files.readString(output).strip();
    } finally {
      client.destroyForcibly();
    }
  }

  private static void browse(String url) {
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    List<CompletableFuture<HttpResponse<String>>> pages = new ArrayList<>();
    for (String page :
        List.of("/status", "/health", "/json/counts.json", "/statics/css/base.css")) {
      for (int i = 0; i < 10; i++) {
        pages.add(
            http.sendAsync(
                HttpRequest.newBuilder(URI.create(url + page)).timeout(LIMIT).build(),
                HttpResponse.BodyHandlers.ofString()));
      }
    }
    assertThat(pages).allMatch(page -> page.join().statusCode() == 200);
  }
}

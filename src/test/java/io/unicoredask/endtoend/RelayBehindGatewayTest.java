package io.unicoredask.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.TestSite;
import io.unicoredask.dask.SchedulerFile;
import io.unicoredask.dask.SchedulerHttp;
import io.unicoredask.dask.SchedulerProbe;
import io.unicoredask.localsite.GatewayFaults;
import io.unicoredask.localsite.LocalSite;
import io.unicoredask.localsite.LocalSiteSettings;
import io.unicoredask.relay.RelayConnection;
import io.unicoredask.relay.RelayFile;
import io.unicoredask.relay.RelayProgram;
import io.unicoredask.relay.RelaySecret;
import io.unicoredask.relay.RelayService;
import io.unicoredask.tunnel.Forwarding;
import io.unicoredask.tunnel.Tunnel;
import io.unicoredask.tunnel.TunnelFactory;
import io.unicoredask.tunnel.TunnelSettings;
import io.unicoredask.unicore.Storage;
import io.unicoredask.unicore.UnicoreException;
import io.unicoredask.unicore.UnicoreSite;
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
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
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
  private static final String SCHEDULER_FILE = "dask.json";
  private static final Duration LIMIT = Duration.ofMinutes(5);

  @TempDir Path scratch;
  private final RelaySecret secret = RelaySecret.random();
  private final TunnelFactory factory = new TunnelFactory(TunnelSettings.defaults());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private LocalSite local;
  private UnicoreSite site;

  @BeforeEach
  void start() throws IOException {
    local =
        LocalSite.start(
            LocalSiteSettings.builder()
                .stateLag(Duration.ofMillis(300))
                .dask(TestSite.python())
                .gateway(new GatewayFaults(Duration.ofSeconds(1), 4, true, true, 50))
                .build());
    site = TestSite.unicore(local);
  }

  @AfterEach
  void stop() {
    factory.close();
    threads.shutdownNow();
    local.close();
  }

  /** What the Gateway answers 503 is tried again. */
  private <T> T atLast(Callable<T> call) {
    return await().atMost(LIMIT).ignoreException(UnicoreException.class).until(call, it -> true);
  }

  /** A job whose directory has all that a relay needs, as a scheduler's job has. */
  private URI submit(ObjectNode job) {
    ArrayNode imports = job.putArray("Imports");
    ArrayNode program =
        imports
            .addObject()
            .put("From", "inline://" + RelayProgram.FILE)
            .put("To", RelayProgram.FILE)
            .putArray("Data");
    RelayProgram.lines().forEach(program::add);
    imports
        .addObject()
        .put("From", "inline://" + RelayProgram.SECRET_FILE)
        .put("To", RelayProgram.SECRET_FILE)
        .put("Data", secret.toHex());
    return atLast(() -> site.submit(job));
  }

  private Storage directory(URI job) {
    URI directory =
        await()
            .atMost(LIMIT)
            .ignoreException(UnicoreException.class)
            .until(() -> site.job(job).workingDirectory(), it -> it != null);
    return atLast(() -> site.storage(directory));
  }

  private byte[] file(URI job, String name) {
    URI directory = atLast(() -> site.job(job).workingDirectory());
    return await()
        .atMost(LIMIT)
        .ignoreException(UnicoreException.class)
        .until(() -> site.file(directory, name), java.util.Optional::isPresent)
        .orElseThrow();
  }

  private Forwarding forwarding(URI job, String host, int port) {
    URI endpoint = atLast(() -> site.job(job).forwarding());
    return new Forwarding(
        "local", site.resolve(endpoint), host, port, site::authentication, TestSite.trust(local));
  }

  private RelayConnection relay(URI job) {
    RelayFile file = RelayFile.parse(file(job, RelayProgram.RELAY_FILE));
    RelayConnection relay =
        RelayConnection.open(
            factory, forwarding(job, file.host(), file.port()), secret, false, () -> {});
    await().atMost(LIMIT).until(relay::isConnected);
    return relay;
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
        submit(
            JSON.createObjectNode()
                .put("Executable", "python3 ./relay.py --scheduler-file ./" + SCHEDULER_FILE));
    Path mount = Path.of(directory(job).mountPoint());
    Files.writeString(
        mount.resolve(SCHEDULER_FILE),
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

  /** Sends messages one by one, and returns how many milliseconds each answer took. */
  private static long[] pingPong(Socket socket, int seed, int times) throws IOException {
    Random random = new Random(seed);
    long[] millis = new long[times];
    for (int i = 0; i < times; i++) {
      byte[] message = new byte[100];
      random.nextBytes(message);
      long begin = System.nanoTime();
      socket.getOutputStream().write(message);
      assertThat(socket.getInputStream().readNBytes(100)).isEqualTo(message);
      millis[i] = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }
    return millis;
  }

  @Test
  void directForwardingStallsAndTheRelayDoesNot() throws Exception {
    try (ServerSocket service = new ServerSocket(0, 200, InetAddress.getByName("127.0.0.1"))) {
      URI job = echoJob(service);
      Tunnel direct = factory.open(0, forwarding(job, "127.0.0.1", service.getLocalPort()));
      Tunnel relayed = relay(job).open(0, RelayService.SCHEDULER);

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

      long[] alone;
      try (Socket socket = connect(relayed, LIMIT)) {
        alone = pingPong(socket, 1, 300);
      }
      Arrays.sort(alone);
      assertThat(alone[270]).as("an answer that was held, in ms").isGreaterThanOrEqualTo(10L);

      List<Future<long[]>> clients = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        int seed = i;
        clients.add(
            threads.submit(
                () -> {
                  try (Socket socket = connect(relayed, LIMIT)) {
                    return pingPong(socket, seed, 60);
                  }
                }));
      }
      for (Future<long[]> client : clients) {
        assertThat(client.get(2, TimeUnit.MINUTES)).hasSize(60);
      }
    }
  }

  @Test
  void manySmallMessagesBothWaysAtOnceArriveUnchanged() throws Exception {
    try (ServerSocket service = new ServerSocket(0, 200, InetAddress.getByName("127.0.0.1"))) {
      Tunnel tunnel = relay(echoJob(service)).open(0, RelayService.SCHEDULER);
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
    ObjectNode scheduler = JSON.createObjectNode().put("ApplicationName", "dask-scheduler");
    ArrayNode arguments = scheduler.putArray("Arguments");
    List.of("--port", "0", "--scheduler-file", "./" + SCHEDULER_FILE).forEach(arguments::add);
    List.of("--preload", RelayProgram.PRELOAD).forEach(arguments::add);
    ArrayNode environment = scheduler.putArray("Environment");
    SchedulerHttp.API_ENVIRONMENT.forEach((name, value) -> environment.add(name + "=" + value));
    URI job = submit(scheduler);
    String file = directory(job).mountPoint() + "/" + SCHEDULER_FILE;
    for (int i = 0; i < 2; i++) {
      ObjectNode worker = JSON.createObjectNode().put("ApplicationName", "dask-worker");
      worker.putArray("Arguments").add("--scheduler-file").add(file).add("--nthreads").add("1");
      atLast(() -> site.submit(worker));
    }
    SchedulerFile written =
        await()
            .atMost(LIMIT)
            .until(() -> SchedulerFile.parse(file(job, SCHEDULER_FILE)), it -> it.isPresent())
            .orElseThrow();
    RelayConnection relay = relay(job);
    Tunnel tunnel = relay.open(0, RelayService.SCHEDULER);
    Tunnel dashboard = relay.open(0, RelayService.DASHBOARD);

    Tunnel direct = factory.open(0, forwarding(job, written.host(), written.port()));
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

    atLast(
        () -> {
          site.abort(job);
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
      assertThat(client.waitFor(120, TimeUnit.SECONDS)).as("ends in time").isTrue();
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

package io.unicoredask.dask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.unicoredask.BareDask;
import io.unicoredask.DaskEnvironment;
import io.unicoredask.Patience;
import io.unicoredask.application.DaskPython;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One real scheduler with the HTTP API on and workers, another with Dask's own defaults. */
@Tag(DaskEnvironment.TAG)
class RealSchedulerTest {

  private static final Duration TIMEOUT = Patience.LIMIT;
  private static final List<Process> PROCESSES = new ArrayList<>();

  @TempDir static Path folder;
  private static String python;
  private static SchedulerFile scheduler;
  private static SchedulerFile plain;

  @BeforeAll
  static void start() throws IOException {
    python = DaskPython.find(Path.of("target"), System.out::println).toString();
    startScheduler("api", SchedulerHttp.API_ENVIRONMENT);
    startScheduler("plain", Map.of());
    startWorkers("stays", 2);
    startWorkers("leaves", 1);
    scheduler = awaitFile("api");
    plain = awaitFile("plain");
  }

  @AfterAll
  static void stop() {
    for (Process process : PROCESSES) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  @Test
  void aSchedulerGreetsWithItsPython() throws Exception {
    Process asked = new ProcessBuilder(python, "-V").start();
    String version = new String(asked.getInputStream().readAllBytes()).strip();
    SchedulerGreeting greeting = SchedulerProbe.probe(address(scheduler), "tcp", TIMEOUT);
    assertThat("Python " + greeting.python()).isEqualTo(version);
  }

  @ParameterizedTest
  @EnumSource
  void aSchedulerWithTheFilesOfItsClusterGreetsItsClientsOnly(DaskEnvironment dask)
      throws Exception {
    dask.require();
    Path files = Files.createDirectory(folder.resolve("tls of $1 " + dask));
    ClusterCertificates own = ClusterCertificates.of("own", Instant.now(), Duration.ofDays(1));
    for (TlsFile file : TlsFile.values()) {
      Files.writeString(files.resolve(file.fileName()), own.content(file));
    }
    startScheduler(dask.python().toString(), "tls-" + dask, TlsFile.environment(files + "/"));
    SchedulerFile file = awaitFile("tls-" + dask);
    assertThat(file.address().getScheme()).isEqualTo("tls");

    assertThat(SchedulerProbe.probe(address(file), client(own), TIMEOUT).python()).startsWith("3.");
    ClusterCertificates other = ClusterCertificates.of("own", Instant.now(), Duration.ofDays(1));
    ClientCertificate stranger =
        new ClientCertificate(
            own.content(TlsFile.CA), client(other).certificate(), client(other).key());
    for (ClientCertificate refused : List.of(stranger, client(other))) {
      assertThatThrownBy(() -> SchedulerProbe.probe(address(file), refused, TIMEOUT))
          .isInstanceOf(NoSchedulerException.class);
    }
    assertThatThrownBy(() -> SchedulerProbe.probe(address(file), "tcp", Duration.ofMillis(300)))
        .isInstanceOf(NoSchedulerException.class);
  }

  private static ClientCertificate client(ClusterCertificates cluster) {
    return ClientCertificate.of(
        cluster.content(TlsFile.CA).getBytes(), cluster.content(TlsFile.CLIENT).getBytes());
  }

  @Test
  void theHttpServerOfASchedulerIsNoScheduler() {
    InetSocketAddress dashboard =
        new InetSocketAddress(scheduler.host(), scheduler.dashboardPort());
    assertThatThrownBy(() -> SchedulerProbe.probe(dashboard, "tcp", Duration.ofMillis(300)))
        .isInstanceOf(NoSchedulerException.class);
  }

  @Test
  void workersAreCountedNamedAndRetired() {
    SchedulerHttp http = http(scheduler);
    await().until(() -> http.counts().workers() == 3);
    assertThat(http.counts().cores()).isEqualTo(3);
    List<SchedulerWorker> workers = http.workers().orElseThrow();
    assertThat(workers)
        .extracting(SchedulerWorker::name)
        .containsExactlyInAnyOrder("stays-0", "stays-1", "leaves");

    String leaves = addressOf("leaves", workers);
    assertThat(http.retire(List.of(leaves))).containsExactly(leaves);
    assertThat(http.workers().orElseThrow())
        .extracting(SchedulerWorker::address)
        .doesNotContain(leaves)
        .contains(addressOf("stays-0", workers));
    assertThat(http.retire(List.of(leaves))).as("again").containsExactly(leaves);
  }

  @Test
  void aSchedulerWithNothingToDoWantsNoWorkerMoreThanItHas() {
    assertThat(http(scheduler).adaptiveTarget().orElseThrow()).isBetween(0, 3);
  }

  @Test
  void aSchedulerWithoutTheApiNamesNoWorkersButCountsThem() {
    SchedulerHttp http = http(plain);
    assertThat(http.workers()).isEmpty();
    assertThat(http.adaptiveTarget()).isEmpty();
    assertThat(http.counts().workers()).isZero();
    assertThatThrownBy(() -> http.retire(List.of("tcp://127.0.0.1:1")))
        .isInstanceOfSatisfying(
            SchedulerHttpException.class, e -> assertThat(e.isRetryable()).isFalse())
        .hasMessageContaining("DASK_DISTRIBUTED__SCHEDULER__HTTP__ROUTES");
  }

  @Test
  void theInfoPageTellsWhichWorkersHaveSomethingWithoutTheApi() throws Exception {
    startScheduler("loaded", Map.of());
    startWorkers("loaded", 2, "loaded");
    SchedulerFile loaded = awaitFile("loaded");
    SchedulerHttp http = http(loaded);
    await().until(() -> http.counts().workers() == 2);
    String program =
        """
        import sys, time
        from dask.distributed import Client
        client = Client(sys.argv[1])
        keeps = client.submit(lambda: 1, workers=["loaded-0"], pure=False)
        keeps.result()
        busy = client.submit(time.sleep, 600, workers=["loaded-1"])
        time.sleep(600)
        """;
    PROCESSES.add(
        new ProcessBuilder(python, "-c", program, loaded.address().toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start());

    await()
        .untilAsserted(
            () ->
                assertThat(http.loads().orElseThrow())
                    .containsExactlyInAnyOrder(
                        new WorkerLoad("loaded-0", 0, 1), new WorkerLoad("loaded-1", 1, 0)));
  }

  @Test
  void aSchedulerWithoutBokehOrDashboardSaysSo() throws Exception {
    startScheduler("bokehless", Map.of("PYTHONPATH", BareDask.path().toString()));
    startScheduler("undashed", Map.of(), "--no-dashboard");

    assertThat(http(awaitFile("bokehless")).missingDashboard()).get().asString().contains("bokeh");
    assertThat(http(awaitFile("undashed")).missingDashboard())
        .get()
        .asString()
        .contains("--no-dashboard");
  }

  @Test
  void aDashboardThatIsThereIsNotMissing() throws Exception {
    Assumptions.assumeTrue(new ProcessBuilder(python, "-c", "import bokeh").start().waitFor() == 0);
    assertThat(http(scheduler).missingDashboard()).isEmpty();
  }

  private static String addressOf(String name, List<SchedulerWorker> workers) {
    return workers.stream()
        .filter(worker -> worker.name().equals(name))
        .map(SchedulerWorker::address)
        .findFirst()
        .orElseThrow();
  }

  private static SchedulerHttp http(SchedulerFile file) {
    return SchedulerHttp.at(
        URI.create("http://" + file.host() + ":" + file.dashboardPort()), Patience.LIMIT);
  }

  private static InetSocketAddress address(SchedulerFile file) {
    return new InetSocketAddress(file.host(), file.port());
  }

  private static void startScheduler(
      String name, Map<String, String> environment, String... options) throws IOException {
    startScheduler(python, name, environment, options);
  }

  private static void startScheduler(
      String dask, String name, Map<String, String> environment, String... options)
      throws IOException {
    start(
        dask,
        environment,
        List.of(
            "distributed.cli.dask_scheduler --host 127.0.0.1 --port 0",
            "--dashboard-address 127.0.0.1:0 --scheduler-file " + folder.resolve(name),
            String.join(" ", options)));
  }

  private static void startWorkers(String name, int workers) throws IOException {
    startWorkers(name, workers, "api");
  }

  private static void startWorkers(String name, int workers, String of) throws IOException {
    start(
        python,
        Map.of(),
        List.of(
            "distributed.cli.dask_worker --host 127.0.0.1 --nthreads 1 --no-dashboard",
            "--death-timeout 60 --name " + name + " --nworkers " + workers,
            "--local-directory " + folder.resolve("scratch"),
            "--scheduler-file " + folder.resolve(of)));
  }

  private static void start(String dask, Map<String, String> environment, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(dask, "-m"));
    command.addAll(List.of(String.join(" ", arguments).split(" ")));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).environment().putAll(environment);
    PROCESSES.add(builder.start());
  }

  private static SchedulerFile awaitFile(String name) {
    return await()
        .until(
            () -> {
              Path file = folder.resolve(name);
              return Files.exists(file)
                  ? SchedulerFile.parse(Files.readAllBytes(file))
                  : Optional.<SchedulerFile>empty();
            },
            Optional::isPresent)
        .orElseThrow();
  }
}

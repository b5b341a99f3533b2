package io.unicoredask.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unicoredask.Patience;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a relay begins and ends. */
@Timeout(300)
class RelayProgramTest extends RelayFixture {

  @TempDir Path folder;
  private final RelaySecret secret = RelaySecret.random();

  private RelayProcess start(String... more) throws IOException {
    return closing(new RelayProcess(folder, more));
  }

  @Test
  void itWaitsForTheSchedulerFileAndListensWhereTheSchedulerDoes() throws Exception {
    ServerSocket scheduler = service(RelayFixture::echo);
    RelayProcess relay = start();
    Files.writeString(relay.schedulerFile(), "{\"type\": \"Scheduler\", \"add");
    await().during(Duration.ofMillis(500)).until(() -> !Files.exists(relay.relayFile()));

    relay.writeSchedulerFile(scheduler.getLocalPort(), null);

    RelayFile address = relay.address();
    assertThat(address.host()).isEqualTo("127.0.0.1");
    assertThat(relay.log()).contains("listens on 127.0.0.1 port " + address.port());
    closing(new RawRelayClient(address)).introduced(relay.secret);
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "dask.json",
              "relay.json",
              "relay.key",
              "relay.log",
              "relay.py",
              "scheduler_agent.py");
    }
  }

  @Test
  void itTellsTheAddressItListensOnThoughTheSchedulerTellsAName() throws Exception {
    RelayProcess relay = start();
    relay.writeSchedulerFile("localhost", service(RelayFixture::echo).getLocalPort(), null);

    assertThat(relay.address().host()).isIn("127.0.0.1", "::1");
    closing(new RawRelayClient(relay.address())).introduced(relay.secret);
  }

  @Test
  void itListensEverywhereWhereTheSchedulersAddressIsNotItsOwn() throws Exception {
    RelayProcess relay = start();
    relay.writeSchedulerFile("192.0.2.1", 8786, null);

    RelayFile address = relay.address();
    assertThat(address.host()).isEqualTo("192.0.2.1");
    assertThat(relay.log()).contains("cannot listen on 192.0.2.1 port 0");
    closing(new RawRelayClient(new RelayFile("127.0.0.1", address.port(), false, false)))
        .introduced(relay.secret);
  }

  @Test
  void itMakesItsSecretReadableForItsOwnerOnly() throws Exception {
    ServerSocket scheduler = service(RelayFixture::echo);
    RelayProcess relay = relayTo(scheduler);

    assertThat(Files.getPosixFilePermissions(relay.directory.resolve("relay.key")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void itEndsWithoutTheSchedulerFile() throws Exception {
    RelayProcess relay = relayTo(service(RelayFixture::echo));

    Files.delete(relay.schedulerFile());

    assertEnds(relay, "the scheduler file is gone");
  }

  @Test
  void itEndsWhenASchedulerIsKilledAndLeavesItsFile() throws Exception {
    CountDownLatch seenAlive = new CountDownLatch(1);
    ServerSocket scheduler = service(socket -> seenAlive.countDown());
    RelayProcess relay = relayTo(scheduler);
    seenAlive.await();

    scheduler.close();

    assertEnds(relay, "the scheduler's port is closed");
  }

  @Test
  void itEndsOnSigtermAndItsClientsSee() throws Exception {
    RelayProcess relay = relayTo(service(RelayFixture::echo));
    RawRelayClient client = closing(new RawRelayClient(relay.address())).introduced(relay.secret);

    relay.process.destroy();

    assertThat(client.next()).isEqualTo("3 0 0 0");
    assertThat(client.rest()).isEmpty();
    assertEnds(relay, "got signal 15");
  }

  @Test
  void aFrameWhoseRestDoesNotComeIsPassedOnAsFarAsItCame() throws Exception {
    AtomicInteger arrived = new AtomicInteger();
    RelayProcess relay = relayTo(service(socket -> count(socket, arrived)));
    RawRelayClient client = closing(new RawRelayClient(relay.address())).introduced(relay.secret);
    client.frame(Frame.DATA, Frame.SYN, 1, 1, (byte) 'S');
    client.frame(Frame.DATA, 0, 1, 200 * 1024, (byte) 1);
    await().until(() -> arrived.get() == 1);

    client.write(new byte[100]);

    await().until(() -> arrived.get() == 101);
  }

  private static void count(Socket socket, AtomicInteger bytes) throws IOException {
    byte[] block = new byte[64 * 1024];
    for (int read; (read = socket.getInputStream().read(block)) >= 0; ) {
      bytes.addAndGet(read);
    }
  }

  @Test
  void itEndsWithWhoStartedIt() throws Exception {
    Process scheduler = preloading(service(RelayFixture::echo));
    ProcessHandle relay = relayOf(scheduler);

    scheduler.destroyForcibly();

    await().until(() -> !relay.isAlive());
    assertThat(log()).contains("ends: the scheduler is gone").doesNotContain("Traceback");
    assertThat(folder.resolve("relay.json")).doesNotExist();
  }

  @Test
  void oneThatIsKilledIsStartedAgainAndListensWhereItDid() throws Exception {
    Process scheduler = preloading(service(RelayFixture::echo));
    ProcessHandle killed = relayOf(scheduler);
    RelayFile address = address();

    killed.destroyForcibly();

    await().until(() -> !relayOf(scheduler).equals(killed));
    await().untilAsserted(() -> assertThat(log().split("listens on")).hasSize(3));
    assertThat(address()).isEqualTo(address);
    closing(new RawRelayClient(address)).introduced(secret);
  }

  @Test
  void itListensBeforeDaskCallsItAndIsOneThoughDaskLoadsItTwice() throws Exception {
    Process scheduler =
        preloading(
            service(RelayFixture::echo),
            """
            import importlib, os, sys, time, types
            sys.path.insert(0, ".")
            import scheduler_agent
            importlib.reload(scheduler_agent)
            while not os.path.exists("called"):
                time.sleep(0.05)
            scheduler_agent.dask_setup(types.SimpleNamespace(scheduler_file="./dask.json"))
            time.sleep(600)
            """,
            "--scheduler-file",
            "./dask.json");
    ProcessHandle early = relayOf(scheduler);
    closing(new RawRelayClient(address())).introduced(secret);

    Files.createFile(folder.resolve("called"));
    early.destroyForcibly();

    await().until(() -> scheduler.children().noneMatch(early::equals));
    assertThat(relayOf(scheduler)).isNotEqualTo(early);
    assertThat(scheduler.children()).hasSize(1);
    await().untilAsserted(() -> assertThat(log().split("listens on")).hasSize(3));
  }

  /** What Dask does with a program that a scheduler is to preload: it imports and calls it. */
  private Process preloading(ServerSocket scheduler) throws IOException {
    return preloading(
        scheduler,
        """
        import sys, time, types
        sys.path.insert(0, ".")
        import scheduler_agent
        scheduler_agent.dask_setup(types.SimpleNamespace(scheduler_file="./dask.json"))
        time.sleep(600)
        """);
  }

  private void putProgramsFor(ServerSocket scheduler) throws IOException {
    RelayProcess.putPrograms(folder);
    Files.writeString(folder.resolve("relay.key"), secret.toHex());
    Files.writeString(
        folder.resolve("dask.json"),
        "{\"type\": \"Scheduler\", \"address\": \"tcp://127.0.0.1:%d\"}"
            .formatted(scheduler.getLocalPort()));
  }

  private Process preloading(ServerSocket scheduler, String program, String... arguments)
      throws IOException {
    putProgramsFor(scheduler);
    Files.writeString(folder.resolve("scheduler.py"), program);
    Process process =
        new ProcessBuilder(
                Stream.concat(
                        Stream.of(RelayProcess.command().get(0), "scheduler.py"),
                        Stream.of(arguments))
                    .toList())
            .directory(folder.toFile())
            .inheritIO()
            .start();
    closing(process::destroyForcibly);
    await().until(() -> Files.exists(folder.resolve("relay.json")));
    return process;
  }

  private static ProcessHandle relayOf(Process scheduler) {
    return await().until(() -> scheduler.children().findFirst(), Optional::isPresent).orElseThrow();
  }

  private RelayFile address() throws IOException {
    return RelayFile.parse(Files.readAllBytes(folder.resolve("relay.json")));
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("relay.log"));
  }

  @Test
  void itEndsWhenNoSchedulerComes() throws Exception {
    assertEnds(start("--wait", "1"), "no scheduler came within 1 s");
  }

  @Test
  void onAFullDiskItServesWithoutItsLog() throws Exception {
    ServerSocket scheduler = service(RelayFixture::echo);
    putProgramsFor(scheduler);
    Process relay =
        new ProcessBuilder(RelayProcess.command())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(new File("/dev/full"))
            .start();
    closing(relay::destroyForcibly);
    await().until(() -> Files.exists(folder.resolve("relay.json")));

    closing(new RawRelayClient(address())).introduced(secret);
  }

  @Test
  void aSecretFileThatHoldsNoneIsNotQuoted() throws Exception {
    RelayProcess.putPrograms(folder);
    Files.writeString(folder.resolve("relay.key"), "geheim");
    Process process =
        new ProcessBuilder(RelayProcess.command())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();

    assertThat(new String(process.getInputStream().readAllBytes()))
        .isEqualTo("relay: %s holds no secret\n".formatted(folder.resolve("relay.key")));
    assertThat(process.waitFor()).isEqualTo(1);
  }

  @Test
  void bothProgramsArePython38AndImportOnlyTheStandardLibraryAndTheAgentDask() throws Exception {
    RelayProcess.putPrograms(folder);
    Process check =
        new ProcessBuilder(
                "python3",
                "-c",
                """
                import ast, sys
                def is_dask(name):
                    return name.split(".")[0] == "distributed"
                for program in ("relay.py", "scheduler_agent.py"):
                    for node in ast.walk(ast.parse(open(program).read(), feature_version=(3, 8))):
                        names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
                        names += [node.module] if isinstance(node, ast.ImportFrom) else []
                        for name in names:
                            assert name in sys.stdlib_module_names or is_dask(name) and "agent" in program, name
                """)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();

    assertThat(new String(check.getInputStream().readAllBytes())).isEmpty();
  }

  private static void assertEnds(RelayProcess relay, String reason) throws Exception {
    assertThat(Patience.seesTheEndOf(relay.process)).isTrue();
    assertThat(relay.log()).contains("ends: " + reason);
    assertThat(relay.relayFile()).doesNotExist();
  }
}

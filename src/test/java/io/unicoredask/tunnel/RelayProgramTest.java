package io.unicoredask.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a relay begins and ends. */
@Timeout(60)
class RelayProgramTest extends RelayFixture {

  @TempDir Path folder;

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
              "dask.json", "relay.json", "relay.key", "relay.log", "relay.py");
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
    assertThat(relay.log()).contains("cannot listen on 192.0.2.1 only");
    closing(new RawRelayClient(new RelayFile("127.0.0.1", address.port())))
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
  void itEndsWithWhoStartedIt() throws Exception {
    ServerSocket scheduler = service(RelayFixture::echo);
    Files.write(folder.resolve("relay.py"), RelayProgram.lines());
    Files.writeString(folder.resolve("relay.key"), RelaySecret.random().toHex());
    Process job =
        new ProcessBuilder(
                "/bin/sh", "-c", RelayProgram.command("python3", "dask.json") + " exec sleep 600")
            .directory(folder.toFile())
            .start();
    closing(() -> job.descendants().forEach(ProcessHandle::destroyForcibly));
    Files.writeString(
        folder.resolve("dask.json"),
        "{\"type\": \"Scheduler\", \"address\": \"tcp://127.0.0.1:%d\"}"
            .formatted(scheduler.getLocalPort()));
    await().until(() -> Files.exists(folder.resolve("relay.json")));
    ProcessHandle relay = job.children().findFirst().orElseThrow();

    job.destroyForcibly();

    await().until(() -> !relay.isAlive());
    assertThat(Files.readString(folder.resolve("relay.log")))
        .contains("the process that started it is gone")
        .doesNotContain("Traceback");
    assertThat(folder.resolve("relay.json")).doesNotExist();
  }

  @Test
  void itEndsWhenNoSchedulerComes() throws Exception {
    assertEnds(start("--wait", "1"), "no scheduler came within 1 s");
  }

  @Test
  void aSecretFileThatHoldsNoneIsNotQuoted() throws Exception {
    Files.write(folder.resolve("relay.py"), RelayProgram.lines());
    Files.writeString(folder.resolve("relay.key"), "geheim");
    Process process =
        new ProcessBuilder(command("python3"))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();

    assertThat(new String(process.getInputStream().readAllBytes()))
        .isEqualTo("relay: ./relay.key holds no secret\n");
    assertThat(process.waitFor()).isEqualTo(1);
  }

  private static List<String> command(String python) {
    List<String> command = new ArrayList<>(List.of(python));
    command.addAll(RelayProgram.arguments("dask.json"));
    return command;
  }

  @Test
  void itIsPython38AndImportsOnlyTheStandardLibrary() throws Exception {
    Files.write(folder.resolve("relay.py"), RelayProgram.lines());
    Process check =
        new ProcessBuilder(
                "python3",
                "-c",
                """
                import ast, sys
                tree = ast.parse(open("relay.py").read(), feature_version=(3, 8))
                for node in ast.walk(tree):
                    if isinstance(node, ast.Import):
                        for name in node.names:
                            assert name.name in sys.stdlib_module_names, name.name
                    assert not isinstance(node, ast.ImportFrom)
                """)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();

    assertThat(new String(check.getInputStream().readAllBytes())).isEmpty();
  }

  private static void assertEnds(RelayProcess relay, String reason) throws Exception {
    assertThat(relay.process.waitFor(25, TimeUnit.SECONDS)).isTrue();
    assertThat(relay.log()).contains("ends: " + reason);
    assertThat(relay.relayFile()).doesNotExist();
  }
}

package io.unicoredask.relay;

import static org.awaitility.Awaitility.await;

import io.unicoredask.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.util.FileSystemUtils;

/** The relay as it runs at a site: a process of its own in a job's directory. */
final class RelayProcess implements AutoCloseable {

  final RelaySecret secret = RelaySecret.random();
  final Path directory;
  final Process process;

  /** Starts a relay that finds its scheduler already there. */
  static RelayProcess start(int schedulerPort, Integer dashboardPort) throws IOException {
    RelayProcess relay = new RelayProcess(Files.createTempDirectory("relay"));
    relay.writeSchedulerFile(schedulerPort, dashboardPort);
    relay.address();
    return relay;
  }

  RelayProcess(Path directory, String... more) throws IOException {
    this.directory = directory;
    putPrograms(directory);
    Files.writeString(directory.resolve(RelayProgram.SECRET_FILE), secret.toHex() + "\n");
    process =
        new ProcessBuilder(command(more))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("relay.log").toFile())
            .start();
  }

  /** The relay and the agent, as they are staged into a scheduler's job. */
  static void putPrograms(Path directory) throws IOException {
    for (String file : RelayProgram.FILES) {
      Files.write(directory.resolve(file), RelayProgram.lines(file));
    }
  }

  /** What starts it in its directory. */
  static List<String> command(String... more) {
    List<String> command =
        new ArrayList<>(List.of(System.getProperty("relay.python", "python3"), "./relay.py"));
    command.addAll(List.of("--scheduler-file", "./dask.json"));
    command.addAll(List.of(more));
    return command;
  }

  void writeSchedulerFile(int port, Integer dashboardPort) throws IOException {
    writeSchedulerFile("127.0.0.1", port, dashboardPort);
  }

  void writeSchedulerFile(String host, int port, Integer dashboardPort) throws IOException {
    Files.writeString(
        schedulerFile(),
        """
        {"type": "Scheduler", "id": "Scheduler-1", "address": "tcp://%s:%d",
         "services": {%s}, "started": 1.5, "workers": {}}
        """
            .formatted(host, port, dashboardPort == null ? "" : "\"dashboard\": " + dashboardPort));
  }

  Path schedulerFile() {
    return directory.resolve("dask.json");
  }

  Path relayFile() {
    return directory.resolve(RelayProgram.RELAY_FILE);
  }

  /** Where it listens, once it does. */
  RelayFile address() {
    await()
        .pollInterval(Duration.ofMillis(20))
        .until(() -> Files.exists(relayFile()) || !process.isAlive());
    try {
      return RelayFile.parse(Files.readAllBytes(relayFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(log(), e);
    }
  }

  String log() {
    try {
      return Files.readString(directory.resolve("relay.log"), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws Exception {
    process.destroy();
    if (!Patience.seesTheEndOf(process)) {
      process.destroyForcibly();
      throw new AssertionError("the relay does not end: " + log());
    }
    String log = log();
    FileSystemUtils.deleteRecursively(directory);
    if (log.contains("Traceback")) {
      throw new AssertionError(log);
    }
  }
}

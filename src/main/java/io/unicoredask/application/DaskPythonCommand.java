package io.unicoredask.application;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs an external command to its end or its time limit. */
final class DaskPythonCommand {

  private static final int TAIL_LINES = 15;

  private DaskPythonCommand() {}

  /**
   * Runs a command.
   *
   * @param environment what the command gets besides this program's environment
   * @return all it wrote, standard output and error together
   * @throws Failure if it cannot be started, takes longer than the limit or exits other than with 0
   */
  static String run(Duration limit, Map<String, String> environment, List<String> command)
      throws Failure {
    try {
      Path output = Files.createTempFile("dask-python-", ".log");
      try {
        return run(limit, environment, command, output);
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String run(
      Duration limit, Map<String, String> environment, List<String> command, Path output)
      throws Failure, IOException {
    // a file, not a pipe: a grandchild that outlives the command would keep a pipe open
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new Failure(command, e.getMessage(), "");
    }
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new Failure(command, "took longer than " + limit, read(output));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(command, "interrupted", read(output));
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    if (process.exitValue() != 0) {
      throw new Failure(command, "exit code " + process.exitValue(), read(output));
    }
    return read(output);
  }

  private static String read(Path output) throws IOException {
    return new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
  }

  /** A command that did not do what it was asked to. */
  static final class Failure extends Exception {

    private static final long serialVersionUID = 1L;

    Failure(List<String> command, String reason, String output) {
      super(String.join(" ", command) + ": " + reason + tail(output));
    }

    private static String tail(String output) {
      List<String> lines = output.strip().lines().toList();
      int from = Math.max(0, lines.size() - TAIL_LINES);
      String tail = String.join("\n    ", lines.subList(from, lines.size()));
      return tail.isEmpty() ? "" : "\n    " + tail;
    }
  }
}

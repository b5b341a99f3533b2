package io.unicoredask;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Starts the Dask of jobs by forking a process of this JVM's that has imported it already, which is
 * most of what its start costs.
 */
final class ForkedDask {

  private static final String PROGRAM = "forked_dask.py";

  private final Path python;
  private final Path program;
  private final Path socket;

  /**
   * @param python has Dask, which it imports without what {@link BareDask} hides
   */
  ForkedDask(Path python) {
    this.python = python.toAbsolutePath();
    try (InputStream source = ForkedDask.class.getResourceAsStream("/site/" + PROGRAM)) {
      Path directory = JvmDirectory.make("dask");
      program = directory.resolve(PROGRAM);
      socket = directory.resolve("socket");
      Files.copy(source, program);
      start(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** It ends with this JVM, as its standard input does. */
  private void start(Path directory) throws IOException {
    ProcessBuilder server =
        new ProcessBuilder(python.toString(), program.toString(), "serve", socket.toString());
    server.environment().put("PYTHONPATH", BareDask.path().toString());
    server.redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile()).start();
  }

  /** What starts a Python program that uses Dask; its path and arguments follow. */
  List<String> client() {
    return List.of(
        python.toString(),
        "-I",
        "-S",
        program.toString(),
        socket.toString(),
        BareDask.path().toString(),
        "client");
  }

  /**
   * What starts a scheduler or a worker.
   *
   * @param component {@code scheduler} or {@code worker}
   */
  String command(String component) {
    return "'%s' -I -S '%s' '%s' '%s' %s"
        .formatted(python, program, socket, BareDask.path(), component);
  }
}

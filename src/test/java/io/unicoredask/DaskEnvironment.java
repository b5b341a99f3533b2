package io.unicoredask;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A Python with a Dask of one version, made with pip when it is first needed and then kept below
 * {@code target}. Where it cannot be made, as without a package index, tests that need it are
 * skipped.
 */
public enum DaskEnvironment {
  /**
   * The oldest Dask that is supported. It has been seen to work with Python 3.11, 3.12 and 3.13.
   */
  OLDEST(
      "import sys; sys.exit(sys.version_info >= (3, 14))",
      "distributed==2022.12.0",
      "dask==2022.12.0"),
  /** The newest Dask that there is for this Python: that of the tests, if it was made for them. */
  NEWEST("", "distributed");

  /** Of the tests that say whether the Dask on the path will do, for all clusters. */
  public static final String TAG = "dask";

  /** What schedulers, workers and clients import. */
  private static final String IMPORTS =
      """
      import distributed.cli.dask_scheduler, distributed.cli.dask_worker
      import distributed.http.scheduler.api
      """;

  private static final Path TARGET = Path.of("target").toAbsolutePath();

  private final String check;
  private final List<String> requirements;

  /** Why it could not be made; not tried again by this JVM. */
  private String problem;

  DaskEnvironment(String check, String... requirements) {
    this.check = check;
    this.requirements = List.of(requirements);
  }

  /** Where its interpreter is, or will be. */
  public Path python() {
    return isThatOfTheTests() ? TestSite.python() : directory().resolve("bin/python");
  }

  private boolean isThatOfTheTests() {
    return this == NEWEST && TestSite.python().startsWith(TARGET);
  }

  private Path directory() {
    return TARGET.resolve("dask-" + this);
  }

  /** As site configurations and applications name it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Sees to it that it is there, or has the test skipped. Tests of several JVMs may want it. */
  public synchronized void require() throws IOException, InterruptedException {
    assumeTrue(problem == null, () -> problem);
    if (isThatOfTheTests()) {
      return;
    }
    Path lockFile = Path.of("target", "dask-" + this + ".lock");
    try (FileChannel channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      make(directory().resolve("complete"));
    }
  }

  private void make(Path complete) throws IOException, InterruptedException {
    if (Files.exists(complete)) {
      return;
    }
    run("no environment can be made", TestSite.python(), "-m", "venv", "--clear", directory());
    run("pip cannot install it", pip());
    run("it does not work with this Python", python(), "-c", IMPORTS + check);
    Files.createFile(complete);
  }

  private Object[] pip() {
    List<Object> command =
        new ArrayList<>(
            List.of(python(), "-m", "pip", "install", "--quiet", "--retries=1", "--no-compile"));
    command.addAll(requirements);
    return command.toArray();
  }

  private void run(String excuse, Object... command) throws IOException, InterruptedException {
    Path output = Files.createTempFile("dask-environment", ".log");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(Stream.of(command).map(Object::toString).toList())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      // What is imported is compiled once, not by each process of each cluster.
      builder.environment().remove("PYTHONDONTWRITEBYTECODE");
      Process process = builder.start();
      boolean over = Patience.seesTheEndOf(process);
      process.destroyForcibly();
      if (!over || process.exitValue() != 0) {
        problem = "%s Dask: %s: %s".formatted(this, excuse, Files.readString(output).strip());
      }
      assumeTrue(problem == null, () -> problem);
    } finally {
      Files.delete(output);
    }
  }
}

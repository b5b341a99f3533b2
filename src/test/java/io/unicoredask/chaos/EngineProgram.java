package io.unicoredask.chaos;

import io.unicoredask.ShortJvm;
import io.unicoredask.application.UnicoreDaskApplication;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * The application as it starts fastest, since it is started again and again: with its classes in an
 * archive of the JVM's, which takes them from jars only. Made once for each build, whoever needs it
 * first.
 */
final class EngineProgram {

  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Path CLASSES = TARGET.resolve("classes");
  private static final String JAR = "engine.jar";
  private static final String ARCHIVE = "classes.jsa";

  private EngineProgram() {}

  /** What starts it, with its home and no other arguments. */
  static List<String> command(Path home) throws IOException {
    Path program = TARGET.resolve("engine-" + newest());
    try (FileChannel file =
            FileChannel.open(
                TARGET.resolve("engine.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock held = file.lock()) {
      if (!Files.exists(program.resolve(ARCHIVE))) {
        make(program);
      }
    }
    List<String> command = command(program, "-XX:SharedArchiveFile=" + program.resolve(ARCHIVE));
    command.add("--application.home=" + home);
    return command;
  }

  private static List<String> command(Path program, String... options) {
    List<String> command = new ArrayList<>(ShortJvm.command("-Xmx512m"));
    command.addAll(List.of(options));
    String libraries =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> entry.endsWith(".jar"))
            .collect(Collectors.joining(File.pathSeparator));
    command.addAll(
        List.of(
            "-cp",
            program.resolve(JAR) + File.pathSeparator + libraries,
            UnicoreDaskApplication.class.getName()));
    return command;
  }

  /** When the newest of its classes was made. */
  private static long newest() throws IOException {
    long newest = 0;
    for (Path file : files()) {
      newest = Math.max(newest, Files.getLastModifiedTime(file).toMillis());
    }
    return newest;
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(CLASSES)) {
      return files.filter(file -> !file.equals(CLASSES)).sorted().toList();
    }
  }

  private static void make(Path program) throws IOException {
    Files.createDirectories(program);
    try (OutputStream file = Files.newOutputStream(program.resolve(JAR));
        JarOutputStream jar = new JarOutputStream(file)) {
      for (Path one : files()) {
        boolean folder = Files.isDirectory(one);
        jar.putNextEntry(new ZipEntry(CLASSES.relativize(one) + (folder ? "/" : "")));
        if (!folder) {
          Files.copy(one, jar);
        }
      }
    }
    List<String> training =
        command(
            program,
            "-XX:ArchiveClassesAtExit=" + program.resolve(ARCHIVE),
            "-Dspring.context.exit=onRefresh");
    training.addAll(List.of("--server.port=0", "--application.home=" + program.resolve("home")));
    run(program.resolve("training.log"), training);
  }

  private static void run(Path log, List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      if (process.waitFor() != 0) {
        throw new IOException("it failed; see " + log);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new IOException(e);
    }
  }
}

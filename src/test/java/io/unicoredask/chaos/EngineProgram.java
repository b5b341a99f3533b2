package io.unicoredask.chaos;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The application as it starts fastest, since it is started again and again: its jar unpacked, and
 * its classes in an archive of the JVM's. Made once for each build, whoever needs it first.
 */
final class EngineProgram {

  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();
  private static final String ARCHIVE = "classes.jsa";

  /** Nothing of it is compiled to the utmost, and the archive is for these options only. */
  private static final List<String> OPTIONS =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:MetaspaceSize=128m", "-Xmx512m");

  private EngineProgram() {}

  /** What starts it, without its arguments. */
  static List<String> command() throws IOException {
    Path jar = Path.of(System.getProperty("exec.jar")).toAbsolutePath();
    Path program =
        jar.resolveSibling("engine-" + Files.getLastModifiedTime(jar).toMillis()).toAbsolutePath();
    Path lock = jar.resolveSibling("engine.lock");
    try (FileChannel file =
            FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = file.lock()) {
      if (!Files.exists(program.resolve(ARCHIVE))) {
        make(jar, program);
      }
    }
    List<String> command = new ArrayList<>(List.of(JAVA));
    command.addAll(OPTIONS);
    command.add("-XX:SharedArchiveFile=" + program.resolve(ARCHIVE));
    command.addAll(List.of("-jar", program.resolve(jar.getFileName()).toString()));
    return command;
  }

  private static void make(Path jar, Path program) throws IOException {
    run(
        jar.resolveSibling("engine-unpacking.log"),
        List.of("-Djarmode=tools", "-jar", jar.toString()),
        List.of("extract", "--force", "--destination", program.toString()));
    List<String> training = new ArrayList<>(OPTIONS);
    training.add("-XX:ArchiveClassesAtExit=" + program.resolve(ARCHIVE));
    training.add("-Dspring.context.exit=onRefresh");
    training.addAll(List.of("-jar", program.resolve(jar.getFileName()).toString()));
    run(
        jar.resolveSibling("engine-training.log"),
        training,
        List.of("--server.port=0", "--application.home=" + program.resolve("home")));
  }

  private static void run(Path log, List<String> options, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(JAVA));
    command.addAll(options);
    command.addAll(arguments);
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

package io.unicoredask.performance;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Java program in a process of its own, whose processor time and memory are its own. */
class MeasuredProcess implements AutoCloseable {

  private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");

  private final Process process;

  /**
   * Starts it.
   *
   * @param log where its output goes; null if it is read
   */
  MeasuredProcess(Path directory, File log, List<String> jvm, Class<?> main, List<String> arguments)
      throws IOException {
    List<String> line = new ArrayList<>();
    line.add(java("java"));
    line.addAll(jvm);
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    line.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(line).directory(directory.toFile());
    if (log != null) {
      builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log));
    } else {
      builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    }
    process = builder.start();
  }

  private static String java(String program) {
    return Path.of(System.getProperty("java.home"), "bin", program).toString();
  }

  String firstLine() throws IOException {
    return new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
        .readLine();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  Duration processorTime() {
    return process.toHandle().info().totalCpuDuration().orElseThrow();
  }

  /** Mebibytes of all objects that are still needed; looking for them takes a moment. */
  long liveMebibytes() throws IOException {
    Process jcmd =
        new ProcessBuilder(java("jcmd"), String.valueOf(process.pid()), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    Matcher total =
        TOTAL.matcher(new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    if (!total.find()) {
      throw new IOException("jcmd does not say how much is in use");
    }
    return Long.parseLong(total.group(1)) >> 20;
  }

  /** It may write down a profile before. */
  @Override
  public void close() {
    process.destroy();
    process.onExit().orTimeout(1, TimeUnit.MINUTES).exceptionally(late -> process).join();
    process.destroyForcibly().onExit().join();
  }
}

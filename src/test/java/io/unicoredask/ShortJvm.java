package io.unicoredask;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A JVM for a program that does not run for long, which compiles as little as those of the tests.
 */
public final class ShortJvm {

  private static final List<String> COMMAND =
      List.of(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "-XX:TieredStopAtLevel=1",
          "-XX:CompileThresholdScaling=4",
          "-XX:+UseSerialGC",
          "-XX:MetaspaceSize=128m");

  private ShortJvm() {}

  /**
   * What starts a program.
   *
   * @param arguments what follows: more options, the program, and what it is told
   */
  public static List<String> command(String... arguments) {
    return Stream.concat(COMMAND.stream(), Stream.of(arguments)).toList();
  }
}

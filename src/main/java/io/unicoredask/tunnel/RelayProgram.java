package io.unicoredask.tunnel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The far end of a {@link RelayConnection}: a Python program that runs in the directory of the
 * scheduler's job, beside the scheduler. It needs Python 3.8 or newer and nothing else, and ends
 * when the scheduler does, or who started it.
 */
public final class RelayProgram {

  /** The program's name in the job's directory. */
  public static final String FILE = "relay.py";

  /**
   * The secret's file in the job's directory: {@link RelaySecret#toHex} and nothing else. The relay
   * makes it readable for its owner only.
   */
  public static final String SECRET_FILE = "relay.key";

  /** What the relay writes when it listens; see {@link RelayFile}. */
  public static final String RELAY_FILE = "relay.json";

  /** What the relay says goes here, if started with {@link #command}. */
  public static final String LOG = "relay.log";

  private RelayProgram() {}

  /** The program, line by line. */
  public static List<String> lines() {
    try (InputStream program = RelayProgram.class.getResourceAsStream(FILE)) {
      return new String(program.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("the relay cannot be read from this program's jar", e);
    }
  }

  /**
   * What follows the name of the Python that runs it in the job's directory.
   *
   * @param schedulerFile the scheduler's file, relative to the job's directory
   */
  public static List<String> arguments(String schedulerFile) {
    return List.of(
        "./" + FILE,
        "--scheduler-file",
        "./" + schedulerFile,
        "--relay-file",
        "./" + RELAY_FILE,
        "--secret-file",
        "./" + SECRET_FILE);
  }

  /**
   * A shell command that starts it in the background, from the job's directory.
   *
   * @param python the Python to run it with, such as {@code python3}
   * @param schedulerFile the scheduler's file, relative to the job's directory
   */
  public static String command(String python, String schedulerFile) {
    return "%s %s > %s 2>&1 &".formatted(python, String.join(" ", arguments(schedulerFile)), LOG);
  }
}

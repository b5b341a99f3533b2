package io.unicoredask.relay;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The far end of a {@link RelayConnection}: a Python program that runs in the directory of the
 * scheduler's job, beside the scheduler. The agent, a second program, which Dask loads into the
 * scheduler wherever that runs, starts it. It needs Python 3.8 or newer and nothing else, and ends
 * when the scheduler does.
 */
public final class RelayProgram {

  /** The program's name in the job's directory. */
  public static final String FILE = "relay.py";

  /** The name of the agent's program in the job's directory; see {@link SchedulerAgent}. */
  public static final String AGENT_FILE = "scheduler_agent.py";

  /** Both programs' names. */
  public static final List<String> FILES = List.of(FILE, AGENT_FILE);

  /** What a scheduler has to be told with {@code --preload} for both to start. */
  public static final String PRELOAD = "./" + AGENT_FILE;

  /**
   * The secret's file in the job's directory: {@link RelaySecret#toHex} and nothing else. The relay
   * makes it readable for its owner only.
   */
  public static final String SECRET_FILE = "relay.key";

  /** What the relay writes when it listens; see {@link RelayFile}. */
  public static final String RELAY_FILE = "relay.json";

  /** What the relay says goes here. */
  public static final String LOG = "relay.log";

  private RelayProgram() {}

  /**
   * A program, line by line.
   *
   * @param file one of {@link #FILES}
   */
  public static List<String> lines(String file) {
    try (InputStream program = RelayProgram.class.getResourceAsStream(file)) {
      return new String(program.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("the relay cannot be read from this program's jar", e);
    }
  }
}

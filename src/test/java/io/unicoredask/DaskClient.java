package io.unicoredask;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** A Python program with Dask's own client in it, which talks to us in lines of JSON. */
public final class DaskClient implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final Path directory;
  private final Path output;
  private final Process process;
  private int read;

  /**
   * Starts a program.
   *
   * @param python a Python that has Dask
   * @param program the program's place among the resources
   */
  public DaskClient(Path python, String program, Object... arguments) throws IOException {
    this(python, program, Map.of(), arguments);
  }

  /**
   * The same with more in its environment.
   *
   * @param environment what the program's environment has besides this one's
   */
  public DaskClient(
      Path python, String program, Map<String, String> environment, Object... arguments)
      throws IOException {
    directory = Files.createTempDirectory("dask-client");
    output = directory.resolve("output");
    Path script = directory.resolve("client.py");
    try (InputStream source = DaskClient.class.getResourceAsStream(program)) {
      Files.write(script, source.readAllBytes());
    }
    process = start(python, script, environment, arguments);
  }

  /**
   * Starts a program that is a file.
   *
   * @param python a Python that has Dask
   * @param environment what the program's environment has besides this one's
   */
  public DaskClient(Path python, Path program, Map<String, String> environment, Object... arguments)
      throws IOException {
    directory = Files.createTempDirectory("dask-client");
    output = directory.resolve("output");
    process = start(python, program.toAbsolutePath(), environment, arguments);
  }

  private Process start(
      Path python, Path script, Map<String, String> environment, Object... arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            python.equals(TestSite.python()) ? TestSite.client() : List.of(python.toString()));
    command.add(script.toString());
    List.of(arguments).forEach(argument -> command.add(argument.toString()));
    ProcessBuilder client =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    client.environment().put("PYTHONPATH", BareDask.path().toString());
    client.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    client.environment().putAll(environment);
    return client.start();
  }

  /**
   * Waits until it ends, which has to be well, and returns what it has written. It may be many
   * tests, and has twice the time.
   */
  public String awaitEnd() throws IOException, InterruptedException {
    assertThat(Patience.seesTheEndOf(process) || Patience.seesTheEndOf(process))
        .as(text())
        .isTrue();
    assertThat(process.exitValue()).as(text()).isZero();
    return text();
  }

  /** Computes on a cluster with the tour's program, which checks its result. */
  public static JsonNode compute(Path python, String address, int workers) throws Exception {
    return compute(python, Map.of(), address, workers);
  }

  /** The same with more in its environment. */
  public static JsonNode compute(
      Path python, Map<String, String> environment, String address, int workers) throws Exception {
    try (DaskClient client =
        new DaskClient(python, "/tour/compute.py", environment, address, workers)) {
      assertThat(Patience.seesTheEndOf(client.process)).isTrue();
      assertThat(client.process.exitValue()).as(client.text()).isZero();
      List<JsonNode> answers = client.answers();
      return answers.get(answers.size() - 1);
    }
  }

  /** Has all workers leave. */
  public static void retireAll(Path python, String address) throws Exception {
    try (DaskClient client = new DaskClient(python, "/clients/retire.py", address)) {
      assertThat(Patience.seesTheEndOf(client.process)).isTrue();
      assertThat(client.process.exitValue()).as(client.text()).isZero();
    }
  }

  /** Asks for another answer. */
  public JsonNode next() throws IOException {
    OutputStream input = process.getOutputStream();
    input.write('\n');
    input.flush();
    return answer();
  }

  /** The next answer, waited for. */
  public JsonNode answer() throws IOException {
    Awaitility.await()
        .atMost(LIMIT)
        .failFast(
            () -> assertThat(process.isAlive() || answers().size() > read).as(text()).isTrue())
        .until(() -> answers().size() > read);
    return answers().get(read++);
  }

  private List<JsonNode> answers() throws IOException {
    List<JsonNode> answers = new ArrayList<>();
    String text = text();
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n")) {
      if (line.startsWith("{")) {
        answers.add(JSON.readTree(line));
      }
    }
    return answers;
  }

  private String text() throws IOException {
    return new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly().onExit().join();
    Files.deleteIfExists(directory.resolve("client.py"));
    Files.delete(output);
    Files.delete(directory);
  }
}

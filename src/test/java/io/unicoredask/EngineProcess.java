package io.unicoredask;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** An application in a process of its own, which can be killed and started again. */
public final class EngineProcess implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<String> command;
  private final Path home;
  private final int port;
  private final List<String> arguments;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private Process process;

  /**
   * Starts nothing yet.
   *
   * @param command what starts it, without its arguments
   * @param home where its log is, and the password of its user {@code admin}
   * @param port where it listens
   * @param arguments what else it is told
   */
  public EngineProcess(List<String> command, Path home, int port, List<String> arguments) {
    this.command = command;
    this.home = home;
    this.port = port;
    this.arguments = arguments;
  }

  /** Starts it, and waits until it answers. */
  public void start() throws IOException {
    List<String> line = new ArrayList<>(command);
    line.add("--server.port=" + port);
    line.addAll(arguments);
    process =
        new ProcessBuilder(line)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log()))
            .start();
    await()
        .atMost(Patience.LIMIT)
        .failFast("it ended; see " + log(), () -> !process.isAlive())
        .ignoreExceptions()
        .until(() -> get("/engine").isArray());
  }

  /** Whether the process runs. */
  public boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** What it has printed. */
  public File log() {
    return home.resolve("engine-%d.log".formatted(port)).toFile();
  }

  /** As the kernel does when memory is short: nothing can be put in order. */
  public void kill() throws InterruptedException {
    Patience.seesTheEndOf(process.destroyForcibly());
  }

  /** As a service manager does: with SIGTERM, and time to put things in order. */
  public void terminate() throws InterruptedException {
    process.destroy();
    if (!Patience.seesTheEndOf(process)) {
      throw new AssertionError("it does not end when it is told to; see " + log());
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  /** Which of two nodes was the last to say that it looks after the clusters. */
  public static EngineProcess onDuty(EngineProcess one, EngineProcess other) throws IOException {
    return one.sinceWhen().compareTo(other.sinceWhen()) > 0 ? one : other;
  }

  /** Since when, as a line of its log says it; empty if it never has. */
  private String sinceWhen() throws IOException {
    return Files.readAllLines(log().toPath()).stream()
        .filter(line -> line.contains("This node looks after the Dask clusters now"))
        .reduce("", (earlier, later) -> later);
  }

  /** A variable of a process instance, which may have ended, as text; empty if there is none. */
  public String variable(String instance, String name) throws IOException {
    return get("/history/variable-instance?deserializeValues=false&processInstanceId=%s&variableName=%s"
            .formatted(instance, name))
        .path(0)
        .path("value")
        .asText();
  }

  /** Asks the REST API, as {@code admin}. */
  public JsonNode get(String path) throws IOException {
    return call("GET", path, null);
  }

  /** Sends the REST API a JSON text, as {@code admin}. */
  public JsonNode post(String path, Object body) throws IOException {
    return call("POST", path, JSON.writeValueAsString(body));
  }

  /** Puts a JSON text in the place of what the REST API has, as {@code admin}. */
  public JsonNode put(String path, Object body) throws IOException {
    return call("PUT", path, JSON.writeValueAsString(body));
  }

  /** Has the REST API delete something, as {@code admin}. */
  public JsonNode delete(String path) throws IOException {
    return call("DELETE", path, null);
  }

  private JsonNode call(String method, String path, String body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d/engine-rest%s".formatted(port, path)))
            .timeout(Patience.LIMIT)
            .header("Content-Type", "application/json")
            .header("Authorization", "Basic " + login())
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() >= 400) {
        throw new RefusedException(answer.statusCode(), answer.body());
      }
      return answer.body().isEmpty() ? JSON.nullNode() : JSON.readTree(answer.body());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private String login() throws IOException {
    String password = Files.readString(home.resolve("admin-password")).strip();
    return Base64.getEncoder().encodeToString(("admin:" + password).getBytes());
  }

  /** The engine took the request, and said no. */
  public static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    RefusedException(int status, String body) {
      super(status + ": " + body);
    }
  }
}

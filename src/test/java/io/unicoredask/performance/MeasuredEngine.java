package io.unicoredask.performance;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unicoredask.application.UnicoreDaskApplication;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** The application in a process of its own, spoken with over REST. */
class MeasuredEngine implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path home;
  private final List<String> configuration;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private MeasuredProcess process;
  private int port;

  MeasuredEngine(Path home, List<String> configuration) {
    this.home = home;
    this.configuration = configuration;
  }

  /** Starts it, or ends it and starts it again. */
  void start(int requestsPerSecond) throws IOException {
    close();
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    List<String> arguments = new ArrayList<>(configuration);
    arguments.add("--server.port=" + port);
    arguments.add("--application.home=" + home);
    arguments.add("--unicore-dask.sites.standin.max-requests-per-second=" + requestsPerSecond);
    arguments.add("--logging.level.root=warn");
    process =
        new MeasuredProcess(
            home,
            home.resolve("engine.log").toFile(),
            jvm(),
            UnicoreDaskApplication.class,
            arguments);
    await()
        .atMost(Duration.ofMinutes(3))
        .failFast("it ended; see engine.log in " + home, () -> !process.isAlive())
        .ignoreExceptions()
        .until(() -> call("GET", "/engine", null).isArray());
  }

  /** More of them, for a profile for instance, with the system property benchmark.engine. */
  private static List<String> jvm() {
    List<String> options = new ArrayList<>(List.of("-Xmx1g"));
    options.addAll(List.of(System.getProperty("benchmark.engine", "").split(" ")));
    options.removeIf(String::isBlank);
    return options;
  }

  MeasuredProcess process() {
    return process;
  }

  /** Starts a cluster, and returns its process instance. */
  String startCluster(Map<String, Object> variables) throws IOException {
    return call(
            "POST", "/process-definition/key/dask-cluster/start", Map.of("variables", variables))
        .get("id")
        .asText();
  }

  /** What many ask for while something else goes on. */
  void look() throws IOException {
    call("GET", "/process-instance/count", null);
  }

  long incidents() throws IOException {
    return call("GET", "/incident/count", null).get("count").asLong();
  }

  JsonNode call(String method, String path, Object body) throws IOException {
    String password = Files.readString(home.resolve("admin-password")).strip();
    String login = Base64.getEncoder().encodeToString(("admin:" + password).getBytes());
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d/engine-rest%s".formatted(port, path)))
            .timeout(Duration.ofMinutes(2))
            .header("Content-Type", "application/json")
            .header("Authorization", "Basic " + login)
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(JSON.writeValueAsString(body)))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() >= 400) {
        throw new IOException(answer.statusCode() + ": " + answer.body());
      }
      return answer.body().isEmpty() ? JSON.nullNode() : JSON.readTree(answer.body());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
    }
  }
}

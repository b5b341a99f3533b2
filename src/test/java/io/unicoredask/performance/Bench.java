package io.unicoredask.performance;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unicoredask.performance.MeasuredDatabase.History;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.util.FileSystemUtils;

/** A fresh engine, its database and a site, each in processes of their own. */
class Bench implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final HttpClient http = HttpClient.newHttpClient();
  private final MeasuredDatabase database;
  private final MeasuredProcess site;
  private final URI origin;
  private final MeasuredEngine engine;
  private History atStart;

  /**
   * What went on in some time.
   *
   * @param engine the share of one core that the engine used, in per cent
   * @param database the same of the database
   * @param transactions in a second
   * @param requests to the site in a minute
   */
  record Rates(double engine, double database, double transactions, long requests) {}

  Bench(int requestsPerSecond) throws Exception {
    Path home = Path.of("target", "benchmark").toAbsolutePath();
    FileSystemUtils.deleteRecursively(home);
    Files.createDirectories(home);
    Path password = Files.writeString(home.resolve("password"), "secret");
    database = new MeasuredDatabase();
    site = new MeasuredProcess(home, null, List.of("-Xmx512m"), StandInServer.class, List.of());
    origin = URI.create("http://127.0.0.1:" + site.firstLine());
    List<String> configuration = new ArrayList<>(database.configuration());
    configuration.add("--unicore-dask.sites.standin.url=" + siteUrl());
    configuration.add("--unicore-dask.sites.standin.username=me");
    configuration.add("--unicore-dask.sites.standin.password-file=" + password);
    engine = new MeasuredEngine(home, configuration);
    engine.start(requestsPerSecond);
    atStart = database.history();
  }

  /** Has clusters come and go, so that what follows is not what a JVM does in its first minute. */
  void warmUp(int clusters, Map<String, Object> variables) throws Exception {
    if (clusters == 0) {
      return;
    }
    Starts.of(engine, clusters, variables);
    for (JsonNode cluster :
        engine.call("GET", "/process-instance?processDefinitionKey=dask-cluster", null)) {
      engine.call("DELETE", "/process-instance/" + cluster.get("id").asText(), null);
    }
    await()
        .atMost(PATIENCE)
        .until(() -> database.number("SELECT count(*) FROM unicore_dask_cluster") == 0);
    atStart = database.history();
  }

  MeasuredEngine engine() {
    return engine;
  }

  MeasuredDatabase database() {
    return database;
  }

  URI siteUrl() {
    return URI.create(origin + StandInSite.PATH);
  }

  /** How often the site was asked for what, so far. */
  Map<String, Long> requests() throws IOException {
    try {
      JsonNode counts =
          JSON.readTree(
              http.send(
                      HttpRequest.newBuilder(URI.create(origin + StandInSite.COUNTS)).build(),
                      HttpResponse.BodyHandlers.ofByteArray())
                  .body());
      Map<String, Long> requests = new TreeMap<>();
      counts.fields().forEachRemaining(one -> requests.put(one.getKey(), one.getValue().asLong()));
      return requests;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  long requests(String kind) throws IOException {
    return requests().getOrDefault(kind, 0L);
  }

  /** Those that were made since, by kind. */
  Map<String, Long> requestsSince(Map<String, Long> before) throws IOException {
    Map<String, Long> since = requests();
    since.replaceAll((kind, count) -> count - before.getOrDefault(kind, 0L));
    since.values().removeIf(count -> count == 0);
    return since;
  }

  /** All to the site's REST API; what its schedulers are asked goes past it. */
  static long sum(Map<String, Long> requests) {
    return requests.entrySet().stream()
        .filter(kind -> !kind.getKey().startsWith("("))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  Rates measure(Duration time) throws Exception {
    long began = System.nanoTime();
    double engineBefore = engine.process().processorTime().toMillis() / 1e3;
    double databaseBefore = database.processorSeconds();
    long transactionsBefore = database.transactions();
    Map<String, Long> requestsBefore = requests();
    Thread.sleep(time.toMillis());
    double seconds = (System.nanoTime() - began) / 1e9;
    Map<String, Long> requests = requestsSince(requestsBefore);
    double engineAfter = engine.process().processorTime().toMillis() / 1e3;
    double databaseAfter = database.processorSeconds();
    System.out.println("Requests meanwhile: " + requests);
    return new Rates(
        100 * (engineAfter - engineBefore) / seconds,
        100 * (databaseAfter - databaseBefore) / seconds,
        (database.transactions() - transactionsBefore) / seconds,
        Math.round(60 * sum(requests) / seconds));
  }

  /** What the clusters have left. */
  History history() throws Exception {
    History now = database.history();
    return new History(now.rows() - atStart.rows(), now.bytes() - atStart.bytes());
  }

  @Override
  public void close() throws Exception {
    engine.close();
    site.close();
    database.close();
  }
}

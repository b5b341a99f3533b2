package io.unicoredask.application;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** The tour's cluster, over the engine's REST API. */
class TourCluster {

  private static final String PROCESS = "dask-cluster";
  private static final long POLL_MILLIS = 500;
  private static final Duration TEARDOWN_LIMIT = Duration.ofMinutes(1);

  private final EngineRest engine;
  private String instance;
  private String shown = "";

  TourCluster(EngineRest engine) {
    this.engine = engine;
  }

  void start(int workers) throws IOException {
    Tour.say("starting a cluster of %d workers: POST …/%s/start".formatted(workers, PROCESS));
    instance =
        engine
            .post(
                "/process-definition/key/" + PROCESS + "/start",
                Map.of(
                    "businessKey",
                    // one that was killed may have left a cluster that has the key
                    "tour-" + Instant.now().getEpochSecond(),
                    "variables",
                    Map.of(
                        "workers", Map.of("value", workers),
                        "localPort", Map.of("value", 0),
                        "connectDashboard", Map.of("value", true),
                        "localDashboardPort", Map.of("value", 0))))
            .path("id")
            .asText();
  }

  /** Waits until the cluster is ready, telling what it waits for; returns its address. */
  String awaitReady() throws IOException, InterruptedException {
    while (true) {
      switch (variable("clusterStatus")) {
        case "RUNNING" -> {
          Tour.say("the cluster is ready");
          return variable("schedulerAddress");
        }
        case "STOPPING", "STOPPED", "FAILED" ->
            throw new IOException(
                "the cluster ended: %s %s"
                    .formatted(variable("errorCode"), variable("errorMessage")));
        default -> show(variable("clusterProgress"));
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  /**
   * The newest value of a variable, whether or not the instance is over; empty if there is none.
   */
  String variable(String name) throws IOException {
    JsonNode found =
        engine.get(
            "/history/variable-instance?deserializeValues=false&processInstanceId=%s&variableName=%s"
                .formatted(instance, name));
    return found.path(0).path("value").asText("");
  }

  /** Ends every cluster of this engine; says whether all of them are gone. */
  boolean tearDownAll() throws IOException, InterruptedException {
    Instant limit = Instant.now().plus(TEARDOWN_LIMIT);
    JsonNode running = running();
    if (!running.isEmpty()) {
      Tour.say("tearing down %d cluster(s)".formatted(running.size()));
    }
    for (JsonNode one : running) {
      tearDown(one.path("id").asText());
    }
    while (!running().isEmpty() && Instant.now().isBefore(limit)) {
      Thread.sleep(POLL_MILLIS);
    }
    return running().isEmpty();
  }

  private void tearDown(String id) {
    try {
      engine.post(
          "/message", Map.of("messageName", "dask-cluster-teardown", "processInstanceId", id));
    } catch (IOException e) {
      Tour.say("%s takes no teardown, as when it is being torn down already".formatted(id));
    }
  }

  private JsonNode running() throws IOException {
    return engine.get("/process-instance?processDefinitionKey=" + PROCESS);
  }

  private void show(String progress) {
    if (!progress.isEmpty() && !progress.equals(shown)) {
      shown = progress;
      Tour.say("… " + progress);
    }
  }
}

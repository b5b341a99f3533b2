package io.unicoredask.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.unicoredask.EngineProcess.RefusedException;
import io.unicoredask.localsite.LocalJob;
import io.unicoredask.localsite.LocalSite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * Kills the engine again and again while clusters come and go and the site's answers go wrong, and
 * then compares what runs at the site with what the engine says.
 *
 * <p>The system properties {@code chaos.kills} (2), {@code chaos.faults} (20), {@code chaos.nodes}
 * (1; more are on PostgreSQL) and {@code chaos.seed} (random, printed) say how much is to be
 * endured by what; the seed decides what is done when.
 */
class ChaosTest {

  private static final Logger LOG = LoggerFactory.getLogger(ChaosTest.class);
  private static final int KILLS = Integer.getInteger("chaos.kills", 2);
  private static final int FAULTS = Integer.getInteger("chaos.faults", 20);
  private static final int NODES = Integer.getInteger("chaos.nodes", 1);
  private static final long SEED = Long.getLong("chaos.seed", new Random().nextInt(1_000_000));
  private static final int CLUSTERS = 5;
  private static final double SHARE_OF_FAULTS = 0.08;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Path home = Path.of("target", "chaos").toAbsolutePath();

  private final Random random = new Random(SEED);
  private final Faults faults = new Faults(SEED, SHARE_OF_FAULTS);
  private final Map<String, Wanted> clusters = new TreeMap<>();
  private LocalSite site;
  private Engine engine;
  private int messages;

  /** What somebody who trusts the engine expects of a cluster. */
  private record Wanted(String instance, int workers, boolean ended) {}

  @BeforeEach
  void start() throws IOException {
    FileSystemUtils.deleteRecursively(home);
    Files.createDirectories(home);
    LOG.info(
        "chaos.seed={} chaos.kills={} chaos.faults={} chaos.nodes={}", SEED, KILLS, FAULTS, NODES);
    site = LightSite.start();
    engine = new Engine(home, site, NODES, random);
    engine.start();
  }

  @AfterEach
  void stop() throws IOException {
    engine.close();
    site.close();
  }

  @Test
  void nothingIsLostDoubledOrAbandoned() throws Exception {
    site.disturb(faults);
    int kills = 0;
    while (kills < KILLS || faults.count() < FAULTS) {
      Instant kill = Instant.now().plusMillis(2000 + random.nextInt(6000));
      while (Instant.now().isBefore(kill)) {
        somethingHappens();
        Thread.sleep(random.nextInt(400));
      }
      if (kills < KILLS) {
        engine.killOne();
        kills++;
        LOG.info("{} kills, {} faults, {} clusters", kills, faults.count(), clusters.size());
      }
    }
    engine.comeBack();
    faults.end();

    await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).untilAsserted(this::allIsAsWanted);
    for (String key : List.copyOf(clusters.keySet())) {
      if (!clusters.get(key).ended()) {
        tearDown(key);
      }
    }
    await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).untilAsserted(this::allIsAsWanted);
    assertThat(running()).isEmpty();
    nothingWasEverDoubled();
    LOG.info(
        "Endured {} kills and {} faults with {} clusters and {} messages",
        kills,
        faults.count(),
        clusters.size(),
        messages);
  }

  private void somethingHappens() throws IOException {
    List<String> alive =
        clusters.entrySet().stream()
            .filter(cluster -> !cluster.getValue().ended())
            .map(Map.Entry::getKey)
            .collect(Collectors.toCollection(ArrayList::new));
    if (alive.size() < CLUSTERS) {
      startOne();
      return;
    }
    String key = alive.get(random.nextInt(alive.size()));
    switch (random.nextInt(6)) {
      case 0 -> tearDown(key);
      case 1 -> delete(key);
      default -> scale(key, random.nextInt(4));
    }
  }

  private void startOne() throws IOException {
    String key = "cluster-" + clusters.size();
    int workers = random.nextInt(3);
    JsonNode instance =
        engine
            .node()
            .post(
                "/process-definition/key/dask-cluster/start",
                Map.of("businessKey", key, "variables", LightSite.request(workers)));
    clusters.put(key, new Wanted(instance.get("id").asText(), workers, false));
  }

  private void scale(String key, int workers) throws IOException {
    Wanted before = clusters.get(key);
    send("dask-cluster-scale", key, Map.of("workers", Map.of("value", workers)));
    clusters.put(key, new Wanted(before.instance(), workers, false));
  }

  private void tearDown(String key) throws IOException {
    send("dask-cluster-teardown", key, Map.of());
    clusters.put(key, new Wanted(clusters.get(key).instance(), 0, true));
  }

  private void send(String message, String key, Map<String, ?> variables) throws IOException {
    engine
        .node()
        .post(
            "/message",
            Map.of("messageName", message, "businessKey", key, "processVariables", variables));
    messages++;
  }

  /** Again, as anybody would, if the engine changed the instance at that moment. */
  private void delete(String key) {
    await()
        .atMost(PATIENCE)
        .ignoreException(RefusedException.class)
        .untilAsserted(
            () -> engine.node().delete("/process-instance/" + clusters.get(key).instance()));
    clusters.put(key, new Wanted(clusters.get(key).instance(), 0, true));
  }

  private void allIsAsWanted() throws IOException {
    hurry();
    Map<String, List<LocalJob>> jobs =
        running().stream().collect(Collectors.groupingBy(this::instanceOf));
    for (Wanted wanted : clusters.values()) {
      List<LocalJob> own = jobs.getOrDefault(wanted.instance(), List.of());
      if (wanted.ended()) {
        assertThat(own).as("jobs of an ended cluster").isEmpty();
        assertThat(engine.node().get("/process-instance?processInstanceIds=" + wanted.instance()))
            .isEmpty();
      } else {
        assertThat(variable(wanted, "clusterStatus")).isEqualTo("RUNNING");
        assertThat(variable(wanted, "connectedWorkers")).isEqualTo("" + wanted.workers());
        assertThat(own).as("its jobs").hasSize(1 + wanted.workers());
      }
    }
    assertThat(engine.node().get("/process-instance?processDefinitionKey=dask-teardown")).isEmpty();
    assertThat(jobs.keySet())
        .as("whose jobs run")
        .isSubsetOf(clusters.values().stream().map(Wanted::instance).toList());
  }

  /** Not even for the while until the sweep would have ended the second job. */
  private void nothingWasEverDoubled() {
    assertThat(
            site.jobs().stream()
                .flatMap(job -> job.tags().stream())
                .filter(tag -> tag.matches("dask-cluster-.*-(scheduler|worker-\\d+)"))
                .toList())
        .isNotEmpty()
        .doesNotHaveDuplicates();
  }

  /**
   * Does not wait for the engine's next attempt, which may be minutes away. What used up its
   * attempts is nobody's to retry: it has to go on by itself.
   */
  private void hurry() throws IOException {
    for (JsonNode job : engine.node().get("/job?withException=true&withRetriesLeft=true")) {
      try {
        engine.node().put("/job/" + job.get("id").asText() + "/duedate", Map.of());
      } catch (RefusedException e) {
        LOG.info("It is over: {}", e.getMessage());
      }
    }
  }

  private String variable(Wanted cluster, String name) throws IOException {
    JsonNode found =
        engine
            .node()
            .get(
                "/history/variable-instance?deserializeValues=false&processInstanceId=%s&variableName=%s"
                    .formatted(cluster.instance(), name));
    return found.isEmpty() ? null : found.get(0).get("value").asText();
  }

  private List<LocalJob> running() {
    return site.jobs().stream().filter(LocalJob::running).toList();
  }

  private String instanceOf(LocalJob job) {
    return job.tags().stream()
        .filter(tag -> tag.startsWith("dask-cluster-"))
        .map(
            tag ->
                tag.replaceAll("^dask-cluster-[^-]*-", "")
                    .replaceAll("-(scheduler|worker-.*)$", ""))
        .findFirst()
        .orElseThrow();
  }
}

package io.unicoredask.camunda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.unicoredask.TestSite;
import io.unicoredask.localsite.Disturbance;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What is measured of clusters and of the work for them. */
class MetricsTest extends ProcessTest {

  private static final String NAME = "unicore.dask.";

  @Autowired private MeterRegistry registry;
  @Autowired private DaskRuntime runtime;

  @AfterEach
  void theSiteIsThere() {
    TestSite.site().disturb(() -> Disturbance.NONE);
    runtime.start();
  }

  @Test
  void aClustersLifeIsMeasured() throws Exception {
    double stopped = counted("clusters.ended", "status", "stopped", "ended_by", "teardown");
    long queued = times("waits", "phase", "start_scheduler", "outcome", "completed");
    long monitored = times("waits", "phase", "monitor", "clock", "lifetime");
    long tornDown = times("waits", "phase", "tear_down", "outcome", "completed");
    long submitted = times("site.requests", "call", "submit", "outcome", "success");
    double up = counted("tunnel.bytes", "direction", "up");
    double down = counted("tunnel.bytes", "direction", "down");
    ProcessInstance cluster = start(Map.of("workers", 1, "connectDashboard", true));
    awaitStatus(cluster, "RUNNING");

    visit(((String) variable(cluster, "dashboardUrl")).replace("/status", "/health"));
    awaitGauge(1, "clusters", "status", "running");
    awaitGauge(0, "clusters", "status", "pending");
    awaitGauge(1, "waits.active", "phase", "monitor", "clock", "lifetime");
    awaitGauge(1, "jobs", "role", "scheduler", "state", "running");
    awaitGauge(1, "jobs", "role", "worker", "state", "connected");
    awaitGauge(1, "workers.connected");
    awaitGauge(1, "workers.planned");
    awaitGauge(2, "tunnels");
    assertThat(gauge("waits.longest", "phase", "monitor")).isPositive();
    assertThat(registry.get(NAME + "leader").gauge().value()).isEqualTo(1);
    assertThat(gauge("site.requests.limit")).isEqualTo(1000);
    assertThat(times("site.requests", "call", "submit", "outcome", "success"))
        .isGreaterThanOrEqualTo(submitted + 2);
    assertThat(counted("tunnel.bytes", "direction", "up")).isGreaterThan(up);
    assertThat(counted("tunnel.bytes", "direction", "down")).isGreaterThan(down);
    assertThat(times("waits", "phase", "start_scheduler", "outcome", "completed"))
        .isEqualTo(queued + 1);
    assertThat(times("keeper.steps", "kind", "cluster")).isPositive();
    await().atMost(LIMIT).until(() -> registry.get(NAME + "sweeps").timer().count() > 0);

    send(cluster, "dask-cluster-teardown", Map.of());
    awaitEnd(cluster);
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(counted("clusters.ended", "status", "stopped", "ended_by", "teardown"))
                    .isEqualTo(stopped + 1));
    assertThat(times("waits", "phase", "monitor", "clock", "lifetime")).isEqualTo(monitored + 1);
    assertThat(times("waits", "phase", "tear_down", "outcome", "completed"))
        .isEqualTo(tornDown + 1);
    awaitGauge(0, "clusters", "status", "running");
    awaitGauge(0, "tunnels");
  }

  /** As Prometheus asks for it; its documentation, its alerts and its dashboard name no more. */
  @Test
  void whatIsDocumentedAndAskedForByTheDashboardIsServed() throws Exception {
    ProcessInstance cluster = start(Map.of("workers", 1));
    awaitStatus(cluster, "RUNNING");
    send(cluster, "dask-cluster-teardown", Map.of());
    awaitEnd(cluster);
    await().atMost(LIMIT).until(() -> registry.get(NAME + "sweeps").timer().count() > 0);

    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              ServedMetrics served =
                  new ServedMetrics(((PrometheusMeterRegistry) registry).scrape());
              served.assertAreThoseOfTheTable(
                  Files.readString(Path.of("src/docs/how-to/monitoring.md")));
            });
    ServedMetrics served = new ServedMetrics(((PrometheusMeterRegistry) registry).scrape());
    List<String> queries =
        Stream.concat(
                ServedMetrics.queriesOfTheDashboard(
                    Path.of("src/docs/examples/grafana-unicore-dask.json")),
                ServedMetrics.queriesOfTheAlerts(Path.of("src/docs/how-to/monitoring.md")))
            .toList();
    assertThat(queries).hasSizeGreaterThan(30).allSatisfy(served::assertKnows);
  }

  @Test
  void howLongSomethingWaitedInVainIsMeasuredToo() {
    long before = times("waits", "phase", "start_scheduler", "outcome", "cancelled");
    double failed = counted("clusters.ended", "status", "failed", "ended_by", "error");
    ProcessInstance cluster = start(Map.of("queue", "full"));
    awaitGauge(1, "jobs", "role", "scheduler", "state", "queued");
    fire(cluster, "QueueTimer");
    awaitEnd(cluster);

    assertThat(times("waits", "phase", "start_scheduler", "outcome", "cancelled"))
        .isEqualTo(before + 1);
    assertThat(
            registry
                .get(NAME + "waits")
                .tags("site", "local", "phase", "start_scheduler", "outcome", "cancelled")
                .timer()
                .totalTime(TimeUnit.MILLISECONDS))
        .isPositive();
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(counted("clusters.ended", "status", "failed", "ended_by", "error"))
                    .isEqualTo(failed + 1));
  }

  @Test
  void aSiteThatFailsIsSeen() {
    ProcessInstance cluster = start(Map.of("queue", "full"));
    awaitGauge(1, "jobs", "role", "scheduler", "state", "queued");
    double before = failed();
    TestSite.site().disturb(() -> Disturbance.UNAVAILABLE);
    await().atMost(LIMIT).until(() -> failed() > before);
    assertThat(isOver(cluster)).isFalse();
  }

  @Test
  void aNodeThatDoesNotLeadHasNoClusters() {
    start(Map.of("queue", "full"));
    awaitGauge(1, "clusters", "status", "pending");
    runtime.close();

    awaitGauge(0, "clusters", "status", "pending");
    assertThat(registry.get(NAME + "leader").gauge().value()).isZero();
  }

  private static void visit(String url) throws Exception {
    HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(url)).build(),
            HttpResponse.BodyHandlers.discarding());
  }

  private double failed() {
    return registry
        .find(NAME + "site.requests")
        .tags("site", "local", "outcome", "failed")
        .timers()
        .stream()
        .mapToLong(timer -> timer.count())
        .sum();
  }

  private void awaitGauge(double value, String name, String... tags) {
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> assertThat(gauge(name, tags)).as("%s %s", name, Tags.of(tags)).isEqualTo(value));
  }

  private double gauge(String name, String... tags) {
    return registry.get(NAME + name).tags(tags).tag("site", "local").gauge().value();
  }

  /** Nothing is counted of what has not come about yet. */
  private double counted(String name, String... tags) {
    return registry.find(NAME + name).tags(tags).tag("site", "local").meters().stream()
        .flatMap(meter -> StreamSupport.stream(meter.measure().spliterator(), false))
        .mapToDouble(measurement -> measurement.getValue())
        .sum();
  }

  private long times(String name, String... tags) {
    return registry.find(NAME + name).tags(tags).tag("site", "local").timers().stream()
        .mapToLong(timer -> timer.count())
        .sum();
  }
}

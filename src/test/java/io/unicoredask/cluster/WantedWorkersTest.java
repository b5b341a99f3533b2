package io.unicoredask.cluster;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.unicoredask.dask.SchedulerHttp;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A scheduler that wants fewer workers than there are. */
class WantedWorkersTest {

  @RegisterExtension
  static final WireMockExtension SCHEDULER =
      WireMockExtension.newInstance()
          .options(options().dynamicPort().bindAddress("127.0.0.1"))
          .build();

  private final Cluster cluster =
      Cluster.planned("test-cluster", "local").withWorkers(List.of(job(1), job(2), job(3)));

  @Test
  void workersOfJobsThatComputeAreWanted() {
    SCHEDULER.stubFor(get("/api/v1/adaptive_target").willReturn(okJson("{\"workers\": 2}")));
    SCHEDULER.stubFor(
        get("/info/main/workers.html")
            .willReturn(
                ok(
                    "<tr><th>Name</th><th>Processing</th><th>In-memory</th></tr>"
                        + row("worker-1-0", 1)
                        + row("worker-1-1", 0)
                        + row("worker-2-0", 0)
                        + row("worker-3-1", 3))));

    assertThat(wanted()).hasValue(4);
  }

  @Test
  void whoWantsMoreGetsMore() {
    SCHEDULER.stubFor(get("/api/v1/adaptive_target").willReturn(okJson("{\"workers\": 9}")));

    assertThat(wanted()).hasValue(9);
  }

  @Test
  void aSchedulerWithoutTheApiSaysNothing() {
    assertThat(wanted()).isEmpty();
  }

  private OptionalInt wanted() {
    return WantedWorkers.of(
        cluster, SchedulerHttp.at(URI.create(SCHEDULER.baseUrl()), Optional::empty));
  }

  private static String row(String name, int processing) {
    return "<tr><td>%s</td><td>%d</td><td>0</td></tr>".formatted(name, processing);
  }

  private static WorkerJob job(int number) {
    return WorkerJob.submitted(number, URI.create("https://hpc.example.org/jobs/" + number), 2);
  }
}

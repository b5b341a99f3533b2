package io.unicoredask.camunda;

import static io.unicoredask.TestSite.ALICE;
import static io.unicoredask.TestSite.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.unicoredask.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.camunda.bpm.engine.BadUserRequestException;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.engine.variable.Variables;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Clusters take together what the site's limits say, and no more. */
@Tag(TestDatabase.TAG)
class QuotasTest extends ProcessTest {

  private static final String LIMITS = "unicore-dask.sites.rationed.limits.";

  @Autowired IdentityService identityService;

  private ProcessInstance startAs(String user, Map<String, Object> variables) {
    Map<String, Object> all = new HashMap<>(Map.of("queue", "full"));
    all.putAll(variables);
    all.put("site", "rationed");
    identityService.setAuthentication(user, List.of("camunda-admin"));
    try {
      return start(all);
    } finally {
      identityService.clearAuthentication();
    }
  }

  @Test
  void whatOneHasTakenIsLeftToNobodyButToOthersAndComesBack() {
    ProcessInstance first = startAs(ALICE, Map.of("workers", 3));
    assertThatThrownBy(() -> startAs(ALICE, Map.of("workers", 2)))
        .isInstanceOf(BadUserRequestException.class)
        .hasMessageContaining("workers: 2 more are too many; the clusters of the user 'alice'")
        .hasMessageContaining(LIMITS + "per-user.workers), of which 1 are left");
    startAs(ALICE, Map.of("workers", 1));
    assertThatThrownBy(() -> startAs(ALICE, Map.of()))
        .hasMessageContaining(LIMITS + "per-user.clusters), of which 0 are left");
    assertThatThrownBy(() -> startAs(BOB, Map.of("workers", 2)))
        .hasMessageContaining("nodes: 3 more are too many; all clusters at site 'rationed'")
        .hasMessageContaining(LIMITS + "total.nodes), of which 2 are left");
    startAs(BOB, Map.of("workers", 1));

    send(first, "dask-cluster-teardown", Map.of());
    awaitEnd(first);
    startAs(ALICE, Map.of("workers", 3));
  }

  @Test
  void aMessageGetsNoMoreThanIsLeftAndMayAlwaysGiveBack() {
    ProcessInstance one = startAs(ALICE, Map.of("workers", 1));
    startAs(ALICE, Map.of("workers", 2));

    assertThatThrownBy(() -> send(one, "dask-cluster-scale", Map.of("workers", 3)))
        .isInstanceOf(BadUserRequestException.class)
        .hasMessageContaining("workers: 2 more are too many")
        .hasMessageContaining(LIMITS + "per-user.workers), of which 1 are left");
    assertThatThrownBy(() -> send(one, "dask-cluster-scale", Map.of("adapt", "{\"maximum\": 3}")))
        .hasMessageContaining(LIMITS + "per-user.workers");
    send(one, "dask-cluster-scale", Map.of("workers", 2));
    send(one, "dask-cluster-scale", Map.of("workers", 0));
    startAs(BOB, Map.of("workers", 3));
  }

  @Test
  void nodeHoursAreThoseUntilTheLifetimesAreOver() {
    assertThatThrownBy(() -> startAs(BOB, Map.of("workers", 4, "lifetime", "P10D")))
        .hasMessageContaining("node-hours: 1200 more are too many")
        .hasMessageContaining(LIMITS + "total.node-hours), of which 1000 are left");
  }

  @Test
  void aScriptsJobCountsAsLongAsItRuns() {
    ProcessInstance one =
        startAs(
            ALICE,
            Map.of(
                "queue",
                "batch",
                "workers",
                1,
                "work",
                "dask-script",
                "scriptJob",
                "{\"Resources\": {\"Nodes\": \"7\"}}",
                "script",
                Variables.fileValue("script.py")
                    .file("print('done')".getBytes(StandardCharsets.UTF_8))
                    .create()));
    awaitEnd(one);
    assertThat(variable(one, "errorMessage").toString())
        .contains("nodes: 7 more are too many", LIMITS + "total.nodes), of which 6 are left");
  }

  @Test
  void twoThatStartAtOnceDoNotBothGetWhatIsLeft() throws Exception {
    int atOnce = 4;
    ExecutorService starters = Executors.newFixedThreadPool(atOnce);
    try {
      for (int round = 0; round < 5; round++) {
        CyclicBarrier all = new CyclicBarrier(atOnce);
        Callable<ProcessInstance> start =
            () -> {
              all.await();
              return startAs(ALICE, Map.of("workers", 3));
            };
        List<Future<ProcessInstance>> starts = new ArrayList<>();
        for (int i = 0; i < atOnce; i++) {
          starts.add(starters.submit(start));
        }
        List<ProcessInstance> started = new ArrayList<>();
        for (Future<ProcessInstance> one : starts) {
          try {
            started.add(one.get());
          } catch (ExecutionException e) {
            assertThat(e.getCause()).hasMessageContaining(LIMITS + "per-user.workers");
          }
        }
        assertThat(started).hasSize(1);
        send(started.get(0), "dask-cluster-teardown", Map.of());
        awaitEnd(started.get(0));
      }
    } finally {
      starters.shutdownNow();
    }
    await().atMost(LIMIT).until(() -> runtimeService.createProcessInstanceQuery().count() == 0);
  }
}

package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

import io.unicoredask.cluster.FakeSite;
import io.unicoredask.cluster.TestSites;
import io.unicoredask.cluster.identity.Permit;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.cluster.site.SiteDefaults;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.tunnel.TunnelFactory;
import io.unicoredask.tunnel.TunnelSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which clusters a node looks after, and what it hears of them. */
class KeepersTest {

  private static final Duration SHORTEST = Duration.ofMillis(10);
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
  private final FakeSite site = new FakeSite("hpc", calls);
  private final TunnelFactory factory = new TunnelFactory(TunnelSettings.defaults());
  private final FakeRecords records = new FakeRecords(recorded(Phase.START_SCHEDULER), calls);
  private volatile boolean leads = true;
  private final Keepers keepers =
      new Keepers(
          new Sites(List.of(new Site(site, null, SiteDefaults.NONE))),
          records,
          new ClusterTunnels(factory),
          SHORTEST,
          SHORTEST.multipliedBy(2),
          Duration.ofMinutes(5),
          () -> leads,
          Permit.ALWAYS,
          KeeperListener.NONE);

  @AfterEach
  void close() {
    keepers.close();
    factory.close();
  }

  @Test
  void allClustersOnRecordAreLookedAfterFromTheStart() {
    keepers.start();

    await().atMost(LIMIT).until(() -> site.calls("job jobs/1") > 2);
    assertThat(site.calls("submit")).isEqualTo(1);
    assertThat(keepers.actions()).isEqualTo(1);
  }

  @Test
  void aClusterThatBeginsLaterIsLookedAfterWhenThatIsSaid() {
    Recorded later = records.recorded;
    records.recorded = recorded();
    keepers.start();
    records.recorded = later;

    keepers.changed("e1-c1");
    await().atMost(LIMIT).until(() -> site.calls("submit") == 1);
  }

  @Test
  void whatTheEngineHasChangedIsReadWhenThatIsSaid() {
    keepers.start();
    await().atMost(LIMIT).until(() -> site.calls("job jobs/1") > 0);
    records.recorded =
        new Recorded(records.recorded.cluster(), recorded(Phase.TEAR_DOWN).demand(), 2);

    keepers.changed("e1-c1");
    await().atMost(LIMIT).until(() -> site.calls("abort jobs/1") == 1);
  }

  @Test
  void whoIsToldOfAChangeDoesNotWaitForTheNextTurn() {
    try (Keepers seldom = keepers(records, Duration.ofHours(1))) {
      seldom.start();
      await().atMost(LIMIT).until(() -> site.calls("job jobs/1") > 0);
      records.recorded =
          new Recorded(records.recorded.cluster(), recorded(Phase.TEAR_DOWN).demand(), 2);

      seldom.changed("e1-c1");
      await().atMost(LIMIT).until(() -> site.calls("abort jobs/1") == 1);
    }
  }

  @Test
  void aClusterThatIsGoneHasNoTurnAnyMore() {
    keepers.start();
    await().atMost(LIMIT).until(() -> site.calls("job jobs/1") > 0);
    records.recorded = null;
    keepers.changed("e1-c1");

    // Whoever is told of it after its last turn looks for it on record, and finds nothing.
    await().atMost(LIMIT).until(() -> records.finds.get() > 1 || again());
    long last = site.calls("job");
    keepers.changed("e1-c1");
    await().atMost(LIMIT).until(() -> records.finds.get() > 2 || again());
    assertThat(site.calls("job")).isEqualTo(last);
  }

  private boolean again() {
    keepers.changed("e1-c1");
    return false;
  }

  @Test
  void aRecordThatCannotBeReadIsReadAgain() {
    AtomicInteger reads = new AtomicInteger();
    FakeRecords flaky =
        new FakeRecords(recorded(Phase.START_SCHEDULER), calls) {
          @Override
          public List<Recorded> all() {
            if (reads.incrementAndGet() == 1) {
              throw new IllegalStateException("no connection");
            }
            return super.all();
          }
        };
    try (Keepers others = keepers(flaky, SHORTEST)) {
      others.start();
      await().atMost(LIMIT).until(() -> site.calls("submit") == 1);
    }
    assertThat(reads).hasValueGreaterThan(1);
  }

  @Test
  void whatAnotherNodeBeganIsFoundByAsking() {
    FakeRecords elsewhere =
        new FakeRecords(recorded(Phase.START_SCHEDULER), calls) {
          @Override
          public List<Recorded> all() {
            return List.of();
          }
        };
    elsewhere.changes.put("e1-c1", 1L);
    try (Keepers others = keepers(elsewhere, SHORTEST)) {
      others.start();
      await().atMost(LIMIT).until(() -> site.calls("submit") == 1);
    }
  }

  @Test
  void nothingIsDoneBeforeThisNodeLeads() {
    leads = false;
    keepers.start();
    keepers.changed("e1-c1");

    assertThat(keepers.stop()).isTrue();
    assertThat(calls).isEmpty();
  }

  @Test
  void nothingIsDoneAnyMoreWhenItHasStopped() {
    assertThat(keepers.stop()).isTrue();

    assertThatNoException().isThrownBy(() -> keepers.changed("e1-c1"));
    assertThatNoException().isThrownBy(() -> keepers.repeat(() -> calls.add("again"), SHORTEST));
    assertThat(calls).isEmpty();
  }

  @Test
  void logsAreReadBesideTheClustersLife() {
    records.recorded = recorded(Phase.READ_LOGS);
    keepers.start();

    await().atMost(LIMIT).until(() -> records.outcomes.containsKey("READ_LOGS"));
    assertThat(site.calls()).isEmpty();
  }

  @Test
  void whatIsRepeatedGoesOnThoughItFails() {
    AtomicInteger times = new AtomicInteger();
    keepers.repeat(
        () -> {
          times.incrementAndGet();
          throw new IllegalStateException("meant to fail");
        },
        SHORTEST);

    await().atMost(LIMIT).until(() -> times.get() > 2);
  }

  @Test
  void aPortThatIsTakenIsSaidToBeAndOneThatNobodyHasIsNot() throws IOException {
    int port;
    try (ServerSocket taken = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
      assertThat(keepers.portInUse(port))
          .contains("local port %d is in use by another process".formatted(port));
    }
    assertThat(keepers.portInUse(port)).isEmpty();
  }

  private Keepers keepers(FakeRecords from, Duration pause) {
    return new Keepers(
        new Sites(List.of(new Site(site, null, SiteDefaults.NONE))),
        from,
        new ClusterTunnels(factory),
        pause,
        pause,
        Duration.ofMinutes(5),
        () -> leads,
        Permit.ALWAYS,
        KeeperListener.NONE);
  }

  private static Recorded recorded(Phase... phases) {
    List<Waiting> waiting =
        List.of(phases).stream()
            .map(phase -> new Waiting(phase.name(), phase, NOW, false))
            .toList();
    return new Recorded(
        Cluster.planned("e1-c1", "hpc"), new Demand(null, request(Map.of()), waiting, false), 1);
  }

  private static ClusterRequest request(Map<String, ?> variables) {
    return ClusterRequest.of(variables, new Sites(List.of(TestSites.unreachable("hpc"))));
  }
}

package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.cluster.request.TunnelKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a cluster does without its relay. */
class RelayFallbackTest {

  private static final Duration GRACE = Duration.ofSeconds(20);

  private final Situation situation = Situation.of().reachable();

  @Test
  void sinceWhenItIsMissingIsRemembered() {
    Decision decision = decision(null);

    assertThat(RelayFallback.consider(decision, "silent", NOW)).isTrue();
    assertThat(decision.recollection().relayMissingSince()).isEqualTo(NOW);
    assertThat(decision.cluster().tunnel()).isEqualTo(TunnelKind.RELAY);
  }

  @Test
  void itIsGivenTimeToComeBack() {
    Decision decision = decision(NOW);

    assertThat(RelayFallback.consider(decision, "silent", NOW.plus(GRACE).minusMillis(1)))
        .isFalse();
    assertThat(decision.cluster().tunnel()).isEqualTo(TunnelKind.RELAY);
    assertThat(decision.recollection().relayMissingSince()).isEqualTo(NOW);
  }

  @Test
  void thenTheSchedulerIsReachedDirectlyAndThatIsSaid() {
    Decision decision = decision(NOW);

    assertThat(RelayFallback.consider(decision, "it is silent", NOW.plus(GRACE))).isTrue();
    assertThat(decision.cluster().tunnel()).isEqualTo(TunnelKind.DIRECT);
    assertThat(decision.recollection().relayMissingSince()).isNull();
    assertThat(decision.cluster().warnings())
        .singleElement()
        .asString()
        .startsWith("tunnel: direct, since no relay could be used for 20 s (it is silent)");
  }

  @Test
  void aClusterThatIsReachedDirectlyHasNoRelayToMiss() {
    situation.with(one -> one.withTunnel(TunnelKind.DIRECT));
    Decision decision = decision(NOW);

    assertThat(RelayFallback.consider(decision, "silent", NOW.plus(GRACE))).isFalse();
    assertThat(decision.cluster().warnings()).isEmpty();
  }

  @Test
  void whoAskedForARelayGoesOnWaiting() {
    situation.asked("tunnel", "relay");
    Decision decision = decision(NOW);

    assertThat(RelayFallback.consider(decision, "silent", NOW.plus(Duration.ofDays(1)))).isFalse();
    assertThat(decision.cluster().tunnel()).isEqualTo(TunnelKind.RELAY);
  }

  @Test
  void halfOfTheTimeForReachingItIsLeft() {
    situation.asked("connectionTimeout", "PT10S");

    Decision early = decision(NOW);
    assertThat(RelayFallback.consider(early, "silent", NOW.plusMillis(4999))).isFalse();
    Decision decision = decision(NOW);
    assertThat(RelayFallback.consider(decision, "silent", NOW.plusSeconds(5))).isTrue();
    assertThat(decision.cluster().tunnel()).isEqualTo(TunnelKind.DIRECT);
  }

  private Decision decision(Instant missingSince) {
    return new Decision(
        situation.cluster(),
        new Demand(null, situation.request(), List.of(), false),
        Recollection.NONE.withRelayMissingSince(missingSince));
  }
}

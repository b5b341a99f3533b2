package io.unicoredask.cluster.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.unicoredask.cluster.FakeSite;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.cluster.site.SiteDefaults;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.unicore.UnicoreException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whether an engine may act, at each of its sites by itself. */
class SiteClaimsTest {

  private final FakeSite one = new FakeSite("one");
  private final FakeSite other = new FakeSite("other");
  private final Map<String, StoredClaim> database = new HashMap<>();
  private final SiteClaims engine = engine("here", database);

  @Test
  void anEngineThatIsTheFirstMayActAtOnce() {
    assertThatNoException().isThrownBy(() -> engine.require("one"));
    assertThat(engine.verdicts().get("one")).isInstanceOf(Verdict.Act.class);
  }

  @Test
  void whatHasNotBeenAskedIsNotSaid() {
    assertThat(engine.verdicts()).isEmpty();
    engine.renew("other");
    assertThat(engine.verdicts()).containsOnlyKeys("other");
  }

  @Test
  void aSiteIsNotAskedAgainAtOnce() {
    engine.require("one");
    long asked = one.calls("home");
    engine.require("one");

    assertThat(one.calls("home")).isEqualTo(asked);
  }

  @Test
  void aCopyThatRunsElsewhereMayNotActAndIsToldWhy() {
    engine.require("one");
    SiteClaims copy = engine("elsewhere", new HashMap<>(database));

    assertThatExceptionOfType(HandsOffException.class)
        .isThrownBy(() -> copy.require("one"))
        .withMessageContaining("site 'one'")
        .satisfies(e -> assertThat(e.isRetryable()).as("it waits").isTrue());
    assertThat(copy.verdicts().get("one")).isInstanceOf(Verdict.Wait.class);
  }

  @Test
  void whatIsSoAtOneSiteSaysNothingOfAnother() {
    engine.require("one");
    SiteClaims copy = engine("elsewhere", new HashMap<>(database));

    assertThatExceptionOfType(HandsOffException.class).isThrownBy(() -> copy.require("one"));
    assertThatNoException().isThrownBy(() -> copy.require("other"));
  }

  @Test
  void aSiteThatIsAwayIsAnErrorForWhoWantsToActAndNoneForWhoOnlyLooks() {
    one.refuses("home", 503).refuses("home", 503);

    assertThatNoException().isThrownBy(() -> engine.renew("one"));
    assertThatExceptionOfType(UnicoreException.class).isThrownBy(() -> engine.require("one"));
    assertThatNoException().isThrownBy(() -> engine.require("one"));
  }

  @Test
  void whereThereIsNoSuchSiteThereIsNothingToClaim() {
    assertThatNoException().isThrownBy(() -> engine.require("gone from the configuration"));
  }

  @Test
  void anEngineThatEndsLetsOneElsewhereBeginAtOnce() {
    engine.require("one");
    engine.release(Duration.ofSeconds(60));

    assertThatNoException().isThrownBy(() -> engine("elsewhere", database).require("one"));
  }

  @Test
  void aSiteThatIsAwayDoesNotKeepAnEngineFromEndingNorFromReleasingTheOthers() {
    engine.require("one");
    engine.require("other");
    one.refuses("home", 503);
    engine.release(Duration.ofSeconds(60));

    SiteClaims next = engine("elsewhere", database);
    assertThatExceptionOfType(HandsOffException.class).isThrownBy(() -> next.require("one"));
    assertThatNoException().isThrownBy(() -> next.require("other"));
  }

  private SiteClaims engine(String place, Map<String, StoredClaim> claims) {
    Sites sites =
        new Sites(
            List.of(
                new Site(one, null, SiteDefaults.NONE), new Site(other, null, SiteDefaults.NONE)));
    ClaimRecords records =
        new ClaimRecords() {
          @Override
          public OnRecord read() {
            return new OnRecord(Map.copyOf(claims), List.of());
          }

          @Override
          public void write(String site, StoredClaim claim) {
            claims.put(site, claim);
          }
        };
    return new SiteClaims(
        sites, new Identity("abcdefgh", place, Duration.ofMinutes(5), false), records, () -> true);
  }
}

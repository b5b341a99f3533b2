package io.unicoredask.cluster.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.unicoredask.Patience;
import io.unicoredask.localsite.LocalSite;
import io.unicoredask.localsite.LocalSiteSettings;
import io.unicoredask.unicore.NoHomeException;
import io.unicoredask.unicore.SiteSettings;
import io.unicoredask.unicore.UnicoreException;
import io.unicoredask.unicore.UnicoreSite;
import io.unicoredask.unicore.UnicoreSites;
import io.unicoredask.unicore.UsernamePassword;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An engine's claim at a site, in a real file there. */
class SiteClaimTest {

  private static final String FILE = ".camunda-unicore-dask-abcdefgh.json";
  private static final Duration PROBATION = Duration.ofMinutes(5);

  private final Database database = new Database();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private boolean leads = true;
  private LocalSite site;

  /** What is on record, which can be copied. */
  private static class Database implements ClaimRecords {

    private final Map<String, StoredClaim> claims = new HashMap<>();
    private boolean crashes;

    @Override
    public OnRecord read() {
      return new OnRecord(Map.copyOf(claims), List.of());
    }

    @Override
    public void write(String name, StoredClaim claim) {
      claims.put(name, claim);
      if (crashes) {
        throw new IllegalStateException("the process is killed here");
      }
    }

    Database copy() {
      Database copy = new Database();
      copy.claims.putAll(claims);
      return copy;
    }
  }

  @BeforeEach
  void start() throws IOException {
    site = LocalSite.start(LocalSiteSettings.builder().tls(false).build());
  }

  @AfterEach
  void close() {
    site.close();
  }

  @Test
  void aCrashBetweenTheRecordAndTheFileLocksNobodyOut() {
    engine("here", database).renew();
    for (int crash = 0; crash < 3; crash++) {
      database.crashes = true;
      SiteClaim killed = engine("here", database);
      assertThatThrownBy(killed::renew).isInstanceOf(IllegalStateException.class);
      database.crashes = false;
      assertThat(engine("here", database).renew()).isInstanceOf(Verdict.Act.class);
    }
  }

  @Test
  void theOriginalDeniesACopyWhichThenKeepsItsHandsOff() {
    SiteClaim original = engine("here", database);
    original.renew();
    SiteClaim copy = engine("elsewhere", database.copy());
    assertThat(copy.current()).isInstanceOf(Verdict.Wait.class);

    assertThat(original.renew()).isInstanceOf(Verdict.Act.class);

    now = now.plus(PROBATION);
    assertThat(copy.current()).isInstanceOf(Verdict.HandsOff.class);
    assertThat(original.current()).isInstanceOf(Verdict.Act.class);
  }

  @Test
  void anEngineInAnotherPlaceActsWhenNobodyHasObjected() {
    engine("here", database).renew();
    SiteClaim moved = engine("elsewhere", database);
    assertThat(moved.current()).isInstanceOf(Verdict.Wait.class);

    now = now.plus(PROBATION);

    assertThat(moved.current()).isInstanceOf(Verdict.Act.class);
    assertThat(engine("elsewhere", database).renew())
        .as("after its restart")
        .isInstanceOf(Verdict.Act.class);
  }

  @Test
  void anEngineThatWasShutDownLetsItsCopyBeginAtOnce() {
    SiteClaim original = engine("here", database);
    original.renew();
    original.release();

    assertThat(engine("elsewhere", database.copy()).renew()).isInstanceOf(Verdict.Act.class);
    assertThat(engine("here", database).renew()).isInstanceOf(Verdict.HandsOff.class);
  }

  @Test
  void theSiteIsAskedAgainOnlyAfterAMinute() {
    SiteClaim engine = engine("here", database);
    engine.renew();
    site.close();

    now = now.plusSeconds(59);
    assertThat(engine.current()).isInstanceOf(Verdict.Act.class);

    now = now.plusSeconds(1);
    assertThatThrownBy(engine::current)
        .isInstanceOfSatisfying(
            UnicoreException.class, away -> assertThat(away.isRetryable()).isTrue());
  }

  @Test
  void aFileThatMakesNoSenseIsAnOutage() {
    for (String content : new String[] {"", "{\"generation\": 3, \"tok", "null", "{}"}) {
      unicore().writeHomeFile(FILE, content.getBytes(StandardCharsets.UTF_8));

      assertThatThrownBy(engine("here", database)::renew)
          .isInstanceOfSatisfying(
              UnicoreException.class, broken -> assertThat(broken.isRetryable()).isTrue())
          .hasMessageContainingAll(FILE, "delete it");
    }
  }

  @Test
  void whatALaterVersionAddsToTheFileIsPassedOver() {
    unicore()
        .writeHomeFile(
            FILE,
            "{\"generation\": 3, \"token\": \"t\", \"new\": 1}".getBytes(StandardCharsets.UTF_8));

    assertThat(engine("here", database).renew()).isInstanceOf(Verdict.HandsOff.class);
  }

  @Test
  void aNodeThatDoesNotLeadWritesNothing() {
    leads = false;

    assertThatThrownBy(engine("here", database)::renew).isInstanceOf(HandsOffException.class);
    assertThat(unicore().homeFile(FILE)).isEmpty();
  }

  @Test
  void twoNamesOfOneSiteDoNotDenyOneAnother() {
    SiteClaim one = engine("here", database);
    SiteClaim other =
        new SiteClaim(unicore("other"), identity("here"), database, () -> true, () -> now);
    for (int round = 0; round < 3; round++) {
      assertThat(one.renew()).isInstanceOf(Verdict.Act.class);
      assertThat(other.renew()).isInstanceOf(Verdict.Act.class);
    }
    assertThat(new String(unicore().homeFile(FILE).orElseThrow(), StandardCharsets.UTF_8))
        .contains("\"denied\":[]");
  }

  @Test
  void whereThereIsNoHomeItActs() {
    UnicoreSite homeless = mock(UnicoreSite.class);
    when(homeless.name()).thenReturn("homeless");
    when(homeless.homeFile(anyString()))
        .thenThrow(new NoHomeException("homeless", URI.create("storages"), List.of()));

    SiteClaim claim = new SiteClaim(homeless, identity("here"), database, () -> true, () -> now);

    assertThat(claim.renew()).isInstanceOf(Verdict.Act.class);
    claim.release();
  }

  private SiteClaim engine(String place, Database own) {
    return new SiteClaim(unicore(), identity(place), own, () -> leads, () -> now);
  }

  private static Identity identity(String place) {
    return new Identity("abcdefgh", place, PROBATION, false);
  }

  private UnicoreSite unicore() {
    return unicore("site");
  }

  private UnicoreSite unicore(String name) {
    return UnicoreSites.connect(
        new SiteSettings(
            name,
            site.baseUrl(),
            UsernamePassword.fromFile(site.user(), site.passwordFile()),
            null,
            Patience.LIMIT,
            Duration.ofSeconds(30),
            null));
  }
}

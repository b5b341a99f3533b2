package io.unicoredask.cluster.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.cluster.identity.Verdict.Act;
import io.unicoredask.cluster.identity.Verdict.HandsOff;
import io.unicoredask.cluster.identity.Verdict.Wait;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClaimRulesTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant LATER = NOW.plusSeconds(300);
  private static final String HERE = "here";
  private static final String ELSEWHERE = "elsewhere";
  private static final Holding ACTING = new Holding("known", NOW.minusSeconds(60), true);
  private static final Holding WAITING = new Holding("known", LATER, false);

  private Map<String, StoredClaim> stored =
      Map.of("site", new StoredClaim(3, List.of("older", "known"), List.of(HERE)));
  private Claim file = new Claim(3, "known", List.of(HERE), false, List.of(), 0);
  private List<String> nodes = List.of(HERE);
  private String fingerprint = HERE;
  private Holding held;
  private boolean takeOver;
  private Instant now = NOW;

  @Test
  void whereNothingWasClaimedYetItActsAtOnce() {
    stored = Map.of();
    file = null;

    assertThat(judge().verdict()).isInstanceOf(Act.class);
    assertWritten(1, List.of(), HERE);
    assertThat(judge().holding()).contains(new Holding("fresh", NOW, true));
  }

  @Test
  void afterARestartInTheSamePlaceItActsAtOnceUnderANewToken() {
    assertThat(judge().verdict()).isInstanceOf(Act.class);
    assertWritten(4, List.of(), HERE);
  }

  @Test
  void inAnotherPlaceItWaitsAndIsNotAmongThoseThatActed() {
    fingerprint = ELSEWHERE;

    assertThat(judge().verdict())
        .isInstanceOfSatisfying(Wait.class, wait -> assertThat(wait.until()).isEqualTo(LATER));
    assertWritten(4, List.of(), HERE);
    assertThat(judge().holding()).contains(new Holding("fresh", LATER, false));
  }

  @Test
  void inAnotherPlaceItActsAtOnceIfTheLastOneWasShutDown() {
    fingerprint = ELSEWHERE;
    file = new Claim(3, "known", List.of(HERE), true, List.of("bad"), 0);

    assertThat(judge().verdict()).isInstanceOf(Act.class);
    assertWritten(4, List.of("bad"), HERE, ELSEWHERE);
    assertThat(judge().write().get().released()).isFalse();
  }

  @Test
  void aFileOfAnOlderClaimOfItsOwnIsItsOwn() {
    file = new Claim(2, "older", List.of(HERE), false, List.of(), 0);

    assertThat(judge().verdict()).isInstanceOf(Act.class);
    assertWritten(4, List.of(), HERE);
  }

  @Test
  void aFileThatItClaimedUnderAnotherNameOfTheSiteIsItsOwn() {
    stored = Map.of("other-name", new StoredClaim(3, List.of("known"), List.of(HERE)));

    assertThat(judge().verdict()).isInstanceOf(Act.class);
  }

  @Test
  void whileItWaitsItGoesOnWaiting() {
    held = WAITING;

    assertThat(judge().verdict())
        .isInstanceOfSatisfying(Wait.class, wait -> assertThat(wait.until()).isEqualTo(LATER));
    assertThat(judge().write()).isEmpty();
  }

  @Test
  void whenNobodyObjectedItActsAndIsAmongThoseThatActed() {
    held = WAITING;
    fingerprint = ELSEWHERE;
    now = LATER;

    assertThat(judge().verdict()).isInstanceOf(Act.class);
    assertThat(judge().holding()).map(Holding::acts).contains(true);
    assertThat(judge().write().get().engines()).contains(HERE, ELSEWHERE);
    assertThat(judge().write().get().token()).isEqualTo("known");
  }

  @Test
  void whileItActsItLeavesTheFileAlone() {
    held = ACTING;

    assertThat(judge().verdict()).isInstanceOf(Act.class);
    assertThat(judge().write()).isEmpty();
  }

  @Test
  void anotherNodeOfTheEngineIsAmongThoseThatMayFollow() {
    held = ACTING;
    nodes = List.of(HERE, "node-2");

    assertThat(judge().write().get().engines()).containsExactly("node-2", HERE);
    assertThat(judge().write().get().token()).isEqualTo("known");
  }

  @Test
  void aRecordThatIsOlderThanTheFileKeepsItsHandsOff() {
    file = new Claim(4, "newer", List.of(ELSEWHERE), false, List.of(), 0);

    assertHandsOff("newer record");
  }

  @Test
  void aRecordThatKnowsOfNoClaimKeepsItsHandsOffAFile() {
    stored = Map.of();

    assertHandsOff("newer record");
  }

  @Test
  void itKeepsItsHandsOffEvenWhereItsFingerprintIsInTheFile() {
    file = new Claim(4, "newer", List.of(HERE), true, List.of(), 0);

    assertHandsOff("newer record");
  }

  @Test
  void theOneThatActsDeniesTheOneThatClaimsAfterIt() {
    held = ACTING;
    file = new Claim(4, "copy", List.of(HERE), false, List.of("bad"), 0);

    assertThat(judge().verdict()).isInstanceOf(Act.class);
    assertWritten(5, List.of("bad", "copy"), HERE);
  }

  @Test
  void theOneThatIsDeniedKeepsItsHandsOffEvenIfItActed() {
    for (Holding one : new Holding[] {ACTING, WAITING, null}) {
      held = one;
      file = new Claim(5, "original", List.of(HERE), false, List.of("known"), 0);

      assertHandsOff("denied");
    }
  }

  @Test
  void theOneThatWaitsObjectsToNobody() {
    held = WAITING;
    file = new Claim(4, "another", List.of(HERE), false, List.of(), 0);

    assertHandsOff("newer record");
  }

  @Test
  void theOperatorsWordCountsMoreThanAllElse() {
    takeOver = true;
    fingerprint = ELSEWHERE;
    file = new Claim(9, "original", List.of(HERE), false, List.of("known"), 0);

    assertThat(judge().verdict()).isInstanceOf(Act.class);
    assertThat(judge().write().get().denied()).containsExactly("known", "original");
    assertThat(judge().write().get().generation()).isEqualTo(10);
  }

  @Test
  void theOperatorsWordDeniesNothingOfItsOwn() {
    takeOver = true;

    assertWritten(4, List.of(), HERE);
  }

  @Test
  void aFileThatIsGoneIsWrittenAgainByTheOneThatActs() {
    held = ACTING;
    fingerprint = ELSEWHERE;
    nodes = List.of(ELSEWHERE);
    file = null;

    assertThat(judge().verdict()).isInstanceOf(Act.class);
    assertWritten(4, List.of(), HERE, ELSEWHERE);
  }

  @Test
  void aFileThatIsGoneLetsAnEngineInAnotherPlaceWait() {
    file = null;
    assertThat(judge().verdict()).isInstanceOf(Act.class);

    fingerprint = ELSEWHERE;
    assertThat(judge().verdict()).isInstanceOf(Wait.class);
  }

  private Judgement judge() {
    return ClaimRules.judge(
        new Situation(
            "site",
            new Identity("abcdefgh", fingerprint, Duration.ofMinutes(5), takeOver),
            new OnRecord(stored, nodes),
            Optional.ofNullable(file),
            Optional.ofNullable(held),
            "fresh",
            now));
  }

  private void assertWritten(long generation, List<String> denied, String... engines) {
    assertThat(judge().write())
        .hasValueSatisfying(
            claim -> {
              assertThat(claim.generation()).isEqualTo(generation);
              assertThat(claim.token()).isEqualTo("fresh");
              assertThat(claim.engines()).containsExactlyInAnyOrder(engines);
              assertThat(claim.denied()).isEqualTo(denied);
            });
  }

  private void assertHandsOff(String why) {
    Judgement judgement = judge();
    assertThat(judgement.verdict()).isInstanceOf(HandsOff.class);
    assertThat(judgement.verdict().words())
        .startsWith("This engine's database is a copy or an older state. If this engine")
        .contains(why, "unicore-dask.identity.take-over=true", "site 'site'");
    assertThat(judgement.write()).as("it writes nothing").isEmpty();
    assertThat(judgement.holding()).isEmpty();
  }
}

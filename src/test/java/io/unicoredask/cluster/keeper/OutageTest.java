package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.cluster.FakeSite;
import io.unicoredask.cluster.identity.HandsOffException;
import io.unicoredask.dask.SchedulerHttpException;
import io.unicoredask.unicore.UnicoreException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** When somebody has to be told that a keeper cannot go on. */
class OutageTest {

  private static final RuntimeException PASSING = site(503, true);
  private static final RuntimeException LASTING = site(401, false);
  private static final String WAITING = "execution";

  private final FakeRecords records = new FakeRecords(null, new ArrayList<>());
  private final FakeKeeping keeping = new FakeKeeping(new FakeSite("hpc"), records);
  private final Outage outage = new Outage("A cluster", keeping);

  @AfterEach
  void close() {
    keeping.close();
  }

  @Test
  void whatMayPassIsNoIncidentUntilItLasts() {
    assertThat(outage.goesOn(PASSING, WAITING, NOW)).isTrue();
    outage.goesOn(PASSING, WAITING, NOW.plus(keeping.incidentAfter()).minusMillis(1));
    assertThat(records.incidents).isEmpty();

    outage.goesOn(PASSING, WAITING, NOW.plus(keeping.incidentAfter()));
    assertThat(records.incidents).containsEntry(WAITING, IncidentText.of(PASSING));
  }

  @Test
  void whatCannotEndByItselfIsAnIncidentAtOnce() {
    outage.goesOn(LASTING, WAITING, NOW);

    assertThat(records.incidents).containsKey(WAITING);
  }

  @Test
  void whatTurnsOutToLastIsAnIncidentAtOnceToo() {
    outage.goesOn(PASSING, WAITING, NOW);
    outage.goesOn(LASTING, WAITING, NOW.plusSeconds(1));

    assertThat(records.incidents).containsKey(WAITING);
  }

  @Test
  void onlyItsBeginIsSaidToBeOne() {
    assertThat(outage.isOn()).isFalse();
    assertThat(outage.goesOn(PASSING, WAITING, NOW)).isTrue();
    assertThat(outage.isOn()).isTrue();
    assertThat(outage.goesOn(PASSING, WAITING, NOW.plusSeconds(1))).isFalse();

    outage.isOver(WAITING);
    assertThat(outage.isOn()).isFalse();
    assertThat(outage.goesOn(PASSING, WAITING, NOW.plusSeconds(2))).isTrue();
  }

  @Test
  void eachOutageHasTheWholeTimeUntilItsIncident() {
    outage.goesOn(PASSING, WAITING, NOW);
    outage.isOver(WAITING);
    outage.goesOn(PASSING, WAITING, NOW.plus(Duration.ofHours(1)));

    assertThat(records.incidents).isEmpty();
  }

  @Test
  void anIncidentIsOpenedOnceAndGoesWithTheOutage() {
    outage.goesOn(LASTING, WAITING, NOW);
    records.incidents.clear();
    outage.goesOn(LASTING, WAITING, NOW.plusSeconds(1));
    assertThat(records.incidents).as("somebody closed it").isEmpty();

    records.incidents.put(WAITING, "as it was");
    outage.isOver("another execution by now");
    assertThat(records.incidents).isEmpty();
  }

  @Test
  void anotherActivityThatWaitsThroughItGetsAnIncidentOfItsOwn() {
    outage.goesOn(LASTING, WAITING, NOW);
    outage.goesOn(LASTING, "the next", NOW.plusSeconds(1));

    assertThat(records.incidents).containsOnlyKeys(WAITING, "the next");
  }

  @Test
  void anIncidentOfTheNodeBeforeIsClosedByTheOneThatTakesOver() {
    records.incidents.put(WAITING, "opened by another node");
    outage.isOver(WAITING);

    assertThat(records.incidents).isEmpty();
  }

  @Test
  void nothingIsClosedTwice() {
    outage.isOver(WAITING);
    records.incidents.put(WAITING, "somebody else's by now");
    outage.isOver(WAITING);

    assertThat(records.incidents).containsKey(WAITING);
  }

  @Test
  void aNodeThatMayNotActSaysNothing() {
    List<Throwable> said = new ArrayList<>();
    keeping.mayAct = false;
    assertThat(outage.isSaid(PASSING, said::add)).isTrue();
    assertThat(said).isEmpty();

    keeping.mayAct = true;
    assertThat(outage.isSaid(PASSING, said::add)).isTrue();
    assertThat(said).containsExactly(PASSING);
  }

  @Test
  void whatCannotBeSaidLosesNobody() {
    assertThat(
            outage.isSaid(
                PASSING,
                reason -> {
                  throw new StackOverflowError("meant to fail");
                }))
        .isFalse();
  }

  @ParameterizedTest
  @MethodSource
  void whatMayPassAndWhoseItIs(Throwable reason, boolean isRetryable, boolean isOfTheSite) {
    assertThat(Outage.isRetryable(reason)).isEqualTo(isRetryable);
    assertThat(Outage.isOfTheSite(reason)).isEqualTo(isOfTheSite);
  }

  static Stream<Arguments> whatMayPassAndWhoseItIs() {
    return Stream.of(
        Arguments.of(PASSING, true, true),
        Arguments.of(LASTING, false, true),
        Arguments.of(new SchedulerHttpException("silent"), true, true),
        Arguments.of(new HandsOffException("not yet", true), true, true),
        Arguments.of(new HandsOffException("a copy", false), false, true),
        Arguments.of(new IllegalStateException("site 'hpc' is not configured"), false, false),
        Arguments.of(new OutOfMemoryError(), false, false));
  }

  private static UnicoreException site(int status, boolean retryable) {
    return new UnicoreException(
        "hpc", "GET", URI.create("jobs"), status, retryable, "it is so", null);
  }
}

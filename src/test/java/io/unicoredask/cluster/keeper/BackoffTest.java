package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When a keeper's next turn comes. */
class BackoffTest {

  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final Backoff backoff = new Backoff(new Pace(SHORTEST, LONGEST));

  @Test
  void theFirstTurnComesSoon() {
    assertIsAbout(SHORTEST, pause(backoff.next()));
    assertIsAbout(SHORTEST.multipliedBy(3).dividedBy(2), pause(backoff.next()));
  }

  @Test
  void theyBecomeSeldomUpToALimit() {
    IntStream.range(0, 30).forEach(turn -> backoff.next());

    assertIsAbout(LONGEST, pause(backoff.next()));
  }

  @Test
  void soonAgainWhenSomethingHasChanged() {
    IntStream.range(0, 30).forEach(turn -> backoff.next());
    backoff.reset();

    assertIsAbout(SHORTEST, pause(backoff.next()));
  }

  @Test
  void whatQueuesForLongComesMoreSeldomStill() {
    Demand queues = demand(Phase.START_SCHEDULER);
    IntStream.range(0, 40).forEach(turn -> backoff.next(queues, NOW.plusSeconds(900), 1000));

    assertIsAbout(LONGEST.multipliedBy(6), pause(backoff.next(queues, NOW.plusSeconds(900), 1000)));
  }

  @Test
  void whatPeopleWaitForIsNoRoutine() {
    assertThat(backoff.next(demand(Phase.TEAR_DOWN), NOW, 0).routine()).isFalse();
    assertThat(backoff.next(demand(Phase.MONITOR), NOW, 0).routine()).isTrue();
    assertThat(backoff.next().routine()).isTrue();
  }

  private static Demand demand(Phase phase) {
    return new Demand(null, null, List.of(new Waiting("one", phase, NOW, true)), false);
  }

  private static Duration pause(Next next) {
    return next.pause().orElseThrow();
  }

  private static void assertIsAbout(Duration expected, Duration pause) {
    assertThat(pause)
        .isBetween(
            expected.multipliedBy(79).dividedBy(100), expected.multipliedBy(121).dividedBy(100));
  }
}

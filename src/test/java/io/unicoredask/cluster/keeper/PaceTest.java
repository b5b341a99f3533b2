package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How often a keeper looks. */
class PaceTest {

  private static final Duration SHORTEST = Duration.ofMillis(400);
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final int MANY = 1000;

  private final Pace pace = new Pace(SHORTEST, LONGEST);

  @Test
  void whatDoesNotChangeIsLookedAtMoreAndMoreSeldom() {
    List<Duration> pauses = pauses(demand(Phase.MONITOR), NOW);

    assertThat(pauses).startsWith(SHORTEST, Duration.ofMillis(600), Duration.ofMillis(900));
    assertThat(pauses).isSorted().endsWith(LONGEST);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "119, 1", "120, 3", "599, 3", "600, 6", "86400, 6"})
  void whatQueuesForLongIsLookedAtMoreSeldomStill(long seconds, int times) {
    for (Phase queued : List.of(Phase.ALLOCATE, Phase.START_SCHEDULER)) {
      assertThat(pauses(demand(queued), NOW.plusSeconds(seconds)))
          .endsWith(LONGEST.multipliedBy(times));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "2, 2", "5, 5", "30, 30", "60, 60", "10000, 60"})
  void theFewerQueueTheMoreOftenEachIsLookedAt(int queueing, long seconds) {
    assertThat(pauses(demand(Phase.START_SCHEDULER), NOW.plusSeconds(3600), queueing))
        .endsWith(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @EnumSource(names = {"AWAIT_SCHEDULER", "FORWARD_PORTS"})
  void whatComesUpIsLookedAtEverySecondForTwoMinutes(Phase phase) {
    assertThat(pauses(demand(phase), NOW.plusSeconds(119))).endsWith(Duration.ofSeconds(1));
    assertThat(pauses(demand(phase), NOW.plusSeconds(120))).endsWith(LONGEST);
  }

  @Test
  void aReadyClusterDoesNotQueue() {
    assertThat(pauses(demand(Phase.MONITOR), NOW.plusSeconds(86400))).endsWith(LONGEST);
  }

  @ParameterizedTest
  @EnumSource(names = {"AWAIT_SCHEDULER", "FORWARD_PORTS", "RESTART", "TEAR_DOWN"})
  void whatPeopleWaitForIsNoRoutine(Phase phase) {
    assertThat(Pace.isRoutine(demand(phase))).isFalse();
    assertThat(Pace.isRoutine(demand(Phase.MONITOR, phase))).isFalse();
    assertThat(Pace.isRoutine(demand(Phase.MONITOR, Phase.SCALE_WORKERS))).isTrue();
  }

  @Test
  void manyDoNotComeBackAtTheSameMoment() {
    List<Duration> pauses =
        IntStream.range(0, 1000).mapToObj(number -> Pace.spread(LONGEST)).toList();

    assertThat(pauses).allMatch(pause -> pause.toMillis() >= 8000 && pause.toMillis() <= 12000);
    assertThat(Set.copyOf(pauses)).hasSizeGreaterThan(100);
  }

  /** Those where many others wait in the site's queues. */
  private List<Duration> pauses(Demand demand, Instant now) {
    return pauses(demand, now, MANY);
  }

  private List<Duration> pauses(Demand demand, Instant now, int queueing) {
    return Stream.iterate(SHORTEST, pause -> pace.after(pause, demand, now, queueing))
        .limit(30)
        .toList();
  }

  private static Demand demand(Phase... phases) {
    return new Demand(
        null,
        null,
        Stream.of(phases).map(phase -> new Waiting("e" + phase, phase, NOW, true)).toList(),
        false);
  }
}

package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.unicore.BatchState;
import io.unicoredask.unicore.JobDetails;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What is put down of what the batch system says, which expects something else all the time. */
class JobTimesTest {

  private static final Instant START = NOW.plus(Duration.ofHours(1));

  @Test
  void anExpectedStartIsPutDownAnewOnlyWhenItChangesByMuch() {
    JobTimes times = JobTimes.NONE.after(waits(START), NOW);
    assertThat(times.start()).isEqualTo(START);
    assertThat(times.reason()).isEqualTo("Resources");

    assertThat(times.after(waits(START.plusSeconds(300)), NOW)).isSameAs(times);
    assertThat(times.after(waits(START.plusSeconds(600)), NOW).start())
        .isEqualTo(START.plusSeconds(600));
  }

  @Test
  void soonItIsPutDownWhenItChangesByMoreThanAMinute() {
    Instant soon = NOW.plusSeconds(120);
    JobTimes times = JobTimes.NONE.after(waits(soon), NOW);

    assertThat(times.after(waits(soon.plusSeconds(50)), NOW)).isSameAs(times);
    assertThat(times.after(waits(soon.plusSeconds(70)), NOW).start())
        .isEqualTo(soon.plusSeconds(70));
  }

  @Test
  void whenAJobRunsItsTimesAreTrueToASecondOrTwo() {
    JobTimes waited = JobTimes.NONE.after(waits(START), NOW);
    Instant now = START.minusSeconds(100);
    JobTimes runs = waited.after(runs(now), now);
    assertThat(runs.start()).isEqualTo(now);
    assertThat(runs.end()).isEqualTo(now.plusSeconds(3600));
    assertThat(runs.reason()).isNull();

    assertThat(runs.after(runs(now.plusSeconds(1)), now)).isSameAs(runs);
    assertThat(runs.after(runs(now.plusSeconds(5)), now).start()).isEqualTo(now.plusSeconds(5));
  }

  @Test
  void aReasonThatNamesAllNodesIsCut() {
    JobDetails said =
        new JobDetails(
            BatchState.WAITING, "PENDING", "x".repeat(5000), null, null, null, null, null);

    assertThat(JobTimes.NONE.after(said, NOW).reason()).hasSize(200);
  }

  private static JobDetails waits(Instant start) {
    return new JobDetails(
        BatchState.WAITING, "PENDING", "Resources", start, null, Duration.ofHours(1), null, null);
  }

  private static JobDetails runs(Instant start) {
    return new JobDetails(
        BatchState.RUNNING,
        "RUNNING",
        null,
        start,
        start.plusSeconds(3600),
        Duration.ofHours(1),
        null,
        null);
  }
}

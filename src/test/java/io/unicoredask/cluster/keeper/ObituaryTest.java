package io.unicoredask.cluster.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.unicore.BatchState;
import io.unicoredask.unicore.JobDetails;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How jobs ended, and what can be done about it. */
class ObituaryTest {

  private static final URI URL = URI.create("https://hpc/jobs/1");

  private final Situation situation = Situation.of();

  @Test
  void aTimeLimitIsNamedWithWhereItWasSet() {
    situation.asked("schedulerJob", "{\"Resources\": {\"Runtime\": \"1h\"}}");

    assertThat(scheduler(BatchState.TIME_LIMIT, "TIMEOUT", "TimeLimit"))
        .startsWith("the scheduler job https://hpc/jobs/1 was ended when its time was over")
        .contains("after PT1H", "its Resources.Runtime = 1h in schedulerJob", "ask for more")
        .endsWith("(TIMEOUT, TimeLimit)");
  }

  @Test
  void soIsThatOfTheQueue() {
    assertThat(scheduler(BatchState.TIME_LIMIT, "TIMEOUT", null))
        .contains("the limit of the queue, since schedulerJob sets no Resources.Runtime");
  }

  @Test
  void aJobThatIsStillBeingEndedHasItsCauseToo() {
    assertThat(scheduler(BatchState.ENDING, "COMPLETING", "TimeLimit"))
        .contains("its time was over")
        .endsWith("(COMPLETING, TimeLimit)");
    assertThat(scheduler(BatchState.ENDING, "COMPLETING", null))
        .contains("is being ended by the batch system: ")
        .endsWith(" (COMPLETING)");
  }

  @Test
  void eachEndHasItsCause() {
    assertThat(scheduler(BatchState.CANCELLED, "CANCELLED", null))
        .contains("was cancelled at the site");
    assertThat(scheduler(BatchState.OUT_OF_MEMORY, "OUT_OF_MEMORY", null))
        .contains("more memory than it had; ask for more");
    assertThat(scheduler(BatchState.NODE_FAILURE, "NODE_FAIL", null)).contains("a node failed");
    assertThat(scheduler(BatchState.PREEMPTED, "PREEMPTED", null)).contains("for another job");
    assertThat(scheduler(BatchState.FAILED, "FAILED", "NonZeroExitCode"))
        .contains("failed with exit code 3 (FAILED, NonZeroExitCode)");
  }

  private String scheduler(BatchState state, String word, String reason) {
    return Obituary.of(
        "scheduler",
        URL,
        new JobDetails(state, word, reason, null, null, Duration.ofHours(1), 3, null),
        situation.request());
  }
}

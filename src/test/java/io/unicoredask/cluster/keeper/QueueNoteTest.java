package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.unicore.BatchState;
import io.unicoredask.unicore.JobDetails;
import io.unicoredask.unicore.JobStatus;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people read while a job waits. */
class QueueNoteTest {

  private static final Instant MORNING = local("2026-11-26T09:00:00");

  @Test
  void aJobOfWhichTheBatchSystemSaysNothingHasItsStatus() {
    JobSeen.Alive queued = new JobSeen.Alive(job(JobStatus.QUEUED, "1", "BATCH"));

    assertThat(QueueNote.of("scheduler job", queued, JobTimes.NONE, MORNING))
        .isEqualTo("scheduler job QUEUED");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Resources | scheduler job waits for resources (Resources)
          Priority | scheduler job waits for jobs of higher priority (Priority)
          JobHeldUser | scheduler job waits, held by its user; release it at the site (JobHeldUser)
          JobHeldAdmin | scheduler job waits, held by the site's operators; ask them why (JobHeldAdmin)
          QOSMaxJobsPerUserLimit | scheduler job waits for a limit of the account (QOSMaxJobsPerUserLimit)
          ReqNodeNotAvail,UnavailableNodes:n1 | scheduler job waits for nodes that are not available (ReqNodeNotAvail,UnavailableNodes:n1)
          PartitionTimeLimit | scheduler job waits, though it asks for more time than its queue allows (PartitionTimeLimit)
          Whatever | scheduler job waits (Whatever)
          | scheduler job waits in the queue
          """)
  void aReasonIsSaidInWordsAndInTheBatchSystemsOwn(String reason, String note) {
    assertThat(note(reason, null)).isEqualTo(note);
  }

  @ParameterizedTest
  @CsvSource({"2026-11-26T14:05:00, at 14:05", "2026-11-27T08:00:00, at 2026-11-27 08:00"})
  void theExpectedStartIsSaidInTheEnginesOwnTime(String start, String said) {
    assertThat(note("Resources", local(start)))
        .isEqualTo("scheduler job waits for resources (Resources), expected to start " + said);
  }

  private static String note(String reason, Instant start) {
    JobDetails details =
        new JobDetails(BatchState.WAITING, "PENDING", reason, start, null, null, null, null);
    return QueueNote.of(
        "scheduler job",
        new JobSeen.Alive(job(JobStatus.QUEUED, "1", "BATCH"), Optional.of(details)),
        new JobTimes(reason, start, null),
        MORNING);
  }

  private static Instant local(String time) {
    return LocalDateTime.parse(time).atZone(ZoneId.systemDefault()).toInstant();
  }
}

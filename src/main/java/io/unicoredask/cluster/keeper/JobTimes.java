package io.unicoredask.cluster.keeper;

import io.unicoredask.unicore.BatchState;
import io.unicoredask.unicore.JobDetails;
import java.time.Duration;
import java.time.Instant;

/**
 * What the batch system said of a job last, as far as people are told. What it expects changes all
 * the time, and is put down only when it changes by much.
 *
 * @param reason why the job waits, in the batch system's word; null if it does not say
 * @param start when it began or, while it waits, is expected to begin; null if that is not known
 * @param end when its time is over; null if that is not known
 */
public record JobTimes(String reason, Instant start, Instant end) {

  /** Nothing is known. */
  public static final JobTimes NONE = new JobTimes(null, null, null);

  /** Some name all nodes that are not there. */
  private static final int LONGEST_REASON = 200;

  private static final Duration LITTLE = Duration.ofMinutes(1);

  /**
   * What is known when the batch system has said something new.
   *
   * @param now when it did
   */
  JobTimes after(JobDetails said, Instant now) {
    boolean waits = said.state() == BatchState.WAITING;
    JobTimes next =
        new JobTimes(
            said.reason() == null ? null : cut(said.reason()),
            near(start, said.start(), waits ? now : null),
            near(end, said.end(), waits ? now : null));
    return next.equals(this) ? this : next;
  }

  private static String cut(String reason) {
    return reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) : reason;
  }

  /** The old time if the new one is about the same, as seen from now if that is given. */
  private static Instant near(Instant old, Instant said, Instant now) {
    if (old == null || said == null) {
      return said;
    }
    Duration margin =
        now == null ? Duration.ofSeconds(2) : Duration.between(now, said).dividedBy(10);
    Duration enough = now != null && margin.compareTo(LITTLE) < 0 ? LITTLE : margin;
    return Duration.between(old, said).abs().compareTo(enough) <= 0 ? old : said;
  }
}

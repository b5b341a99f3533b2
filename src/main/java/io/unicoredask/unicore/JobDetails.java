package io.unicoredask.unicore;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the batch system itself says of a job, now: UNICORE's own status follows it by 10 to 160
 * seconds. UNICORE hands it through at the job's link {@code details}; the words are those of
 * Slurm's {@code scontrol show job}.
 *
 * @param state where the job is
 * @param word the state in the batch system's own word, such as {@code OUT_OF_MEMORY}
 * @param reason why a job waits, or why it ended: {@code Resources}, {@code TimeLimit}; null if it
 *     does not say
 * @param start when it began or, of a job that waits, is expected to begin; null if it does not say
 * @param end when it ended or, of one that runs, when its time is over; null if it does not say
 * @param timeLimit how long it may run; null if there is no limit, or it does not say
 * @param exitCode the exit code of the job's script; null if it does not say
 * @param queued how long it queued until it began; null if it has not, or that is not known
 */
public record JobDetails(
    BatchState state,
    String word,
    String reason,
    Instant start,
    Instant end,
    Duration timeLimit,
    Integer exitCode,
    Duration queued) {

  /** By Slurm's word. */
  private static final Map<String, BatchState> STATES =
      Map.ofEntries(
          Map.entry("PENDING", BatchState.WAITING),
          Map.entry("CONFIGURING", BatchState.WAITING),
          Map.entry("REQUEUED", BatchState.WAITING),
          Map.entry("REQUEUE_HOLD", BatchState.WAITING),
          Map.entry("REQUEUE_FED", BatchState.WAITING),
          Map.entry("RESV_DEL_HOLD", BatchState.WAITING),
          Map.entry("SPECIAL_EXIT", BatchState.WAITING),
          Map.entry("RUNNING", BatchState.RUNNING),
          Map.entry("RESIZING", BatchState.RUNNING),
          Map.entry("SIGNALING", BatchState.RUNNING),
          Map.entry("STAGE_OUT", BatchState.RUNNING),
          Map.entry("STOPPED", BatchState.RUNNING),
          Map.entry("SUSPENDED", BatchState.RUNNING),
          Map.entry("COMPLETING", BatchState.ENDING),
          Map.entry("COMPLETED", BatchState.COMPLETED),
          Map.entry("FAILED", BatchState.FAILED),
          Map.entry("LAUNCH_FAILED", BatchState.FAILED),
          Map.entry("CANCELLED", BatchState.CANCELLED),
          Map.entry("REVOKED", BatchState.CANCELLED),
          Map.entry("PREEMPTED", BatchState.PREEMPTED),
          Map.entry("TIMEOUT", BatchState.TIME_LIMIT),
          Map.entry("DEADLINE", BatchState.TIME_LIMIT),
          Map.entry("OUT_OF_MEMORY", BatchState.OUT_OF_MEMORY),
          Map.entry("NODE_FAIL", BatchState.NODE_FAILURE),
          Map.entry("BOOT_FAIL", BatchState.NODE_FAILURE));

  private static final Pattern DURATION =
      Pattern.compile("(?:(\\d{1,6})-)?(?:(\\d{1,6}):)?(\\d{1,6}):(\\d{1,6})");
  private static final Pattern EXIT_CODE = Pattern.compile("(\\d{1,5}):(\\d{1,5})");

  /** Zones differ by quarters of an hour; a job waits for its files less long than half of one. */
  private static final long QUARTER = Duration.ofMinutes(15).toSeconds();

  /**
   * Reads an answer.
   *
   * @param batchSystemId the job's id in the batch system; null if it is not known
   * @param zone in which its local times are; null if it is not known
   * @return nothing if the answer is in other words than Slurm's, or of another job
   */
  static Optional<JobDetails> read(
      Map<String, String> answer, String batchSystemId, ZoneOffset zone) {
    String word = word(answer, "JobState").split(" ", 2)[0];
    BatchState state = STATES.get(word);
    if (state == null || isOfAnother(answer, batchSystemId)) {
      return Optional.empty();
    }
    return Optional.of(
        new JobDetails(
            state,
            word,
            text(answer, "Reason").filter(reason -> !reason.equals("None")).orElse(null),
            time(answer, "StartTime", zone),
            time(answer, "EndTime", zone),
            text(answer, "TimeLimit").map(JobDetails::duration).orElse(null),
            exitCode(answer),
            state == BatchState.WAITING ? null : queued(answer)));
  }

  private static Duration queued(Map<String, String> answer) {
    LocalDateTime submitted = local(answer, "SubmitTime");
    LocalDateTime started = local(answer, "StartTime");
    return submitted == null || started == null || started.isBefore(submitted)
        ? null
        : Duration.between(submitted, started);
  }

  private static boolean isOfAnother(Map<String, String> answer, String batchSystemId) {
    String id = word(answer, "JobId");
    return !id.isEmpty() && batchSystemId != null && !batchSystemId.equals(id);
  }

  private static String word(Map<String, String> answer, String key) {
    return Objects.requireNonNullElse(answer.get(key), "").strip();
  }

  private static Optional<String> text(Map<String, String> answer, String key) {
    String text = word(answer, key);
    return text.isEmpty() || text.equals("N/A") || text.equals("(null)") || text.equals("Unknown")
        ? Optional.empty()
        : Optional.of(text);
  }

  /**
   * The zone of an answer's times, which are local ones: UNICORE knows when it took the job.
   *
   * @return null if it cannot be told
   */
  static ZoneOffset zone(Map<String, String> answer, Instant submitted) {
    LocalDateTime local = local(answer, "SubmitTime");
    if (local == null || submitted == null) {
      return null;
    }
    long difference = local.toEpochSecond(ZoneOffset.UTC) - submitted.getEpochSecond();
    try {
      return ZoneOffset.ofTotalSeconds((int) (Math.round((double) difference / QUARTER) * QUARTER));
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static Instant time(Map<String, String> answer, String key, ZoneOffset zone) {
    LocalDateTime local = local(answer, key);
    return local == null || zone == null ? null : local.toInstant(zone);
  }

  private static LocalDateTime local(Map<String, String> answer, String key) {
    try {
      return text(answer, key).map(LocalDateTime::parse).orElse(null);
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static Duration duration(String text) {
    Matcher parts = DURATION.matcher(text);
    if (!parts.matches()) {
      return null;
    }
    return Duration.ofDays(number(parts.group(1)))
        .plusHours(number(parts.group(2)))
        .plusMinutes(number(parts.group(3)))
        .plusSeconds(number(parts.group(4)));
  }

  private static long number(String digits) {
    return Long.parseLong(Objects.requireNonNullElse(digits, "0"));
  }

  private static Integer exitCode(Map<String, String> answer) {
    Matcher code = EXIT_CODE.matcher(word(answer, "ExitCode"));
    return code.matches() ? Integer.valueOf(code.group(1)) : null;
  }
}

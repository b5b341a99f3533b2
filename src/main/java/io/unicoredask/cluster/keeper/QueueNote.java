package io.unicoredask.cluster.keeper;

import io.unicoredask.unicore.BatchState;
import io.unicoredask.unicore.JobDetails;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Why a job waits and how long it is expected to, in a few words for a person. */
final class QueueNote {

  private static final DateTimeFormatter TODAY = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
  private static final DateTimeFormatter LATER =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);

  private QueueNote() {}

  /**
   * @param what the job, such as {@code scheduler job}
   * @param times what is on record of it
   * @param now when that is said, to leave out today's date
   */
  static String of(String what, JobSeen.Alive job, JobTimes times, Instant now) {
    boolean waits =
        job.details().map(JobDetails::state).filter(BatchState.WAITING::equals).isPresent();
    if (!waits) {
      return what + " " + job.job().status();
    }
    String text = what + " waits" + why(times.reason());
    return times.start() == null
        ? text
        : text + ", expected to start at " + time(times.start(), now);
  }

  /** The words of Slurm's documentation of job reason codes. */
  private static String why(String reason) {
    if (reason == null) {
      return " in the queue";
    }
    String words =
        switch (reason.replaceAll("[,(].*", "")) {
          case "Resources" -> " for resources";
          case "Priority" -> " for jobs of higher priority";
          case "Dependency" -> " for other jobs";
          case "BeginTime" -> " for its time to begin";
          case "JobHeldUser" -> ", held by its user; release it at the site";
          case "JobHeldAdmin" -> ", held by the site's operators; ask them why";
          case "ReqNodeNotAvail", "NodeDown", "PartitionDown", "PartitionInactive" ->
              " for nodes that are not available";
          case "PartitionTimeLimit" -> ", though it asks for more time than its queue allows";
          case "PartitionNodeLimit" -> ", though it asks for more nodes than its queue allows";
          default -> reason.matches("(QOS|Assoc|Max).*") ? " for a limit of the account" : "";
        };
    return "%s (%s)".formatted(words, reason);
  }

  private static String time(Instant start, Instant now) {
    ZonedDateTime there = start.atZone(ZoneId.systemDefault());
    boolean isToday = there.toLocalDate().equals(now.atZone(ZoneId.systemDefault()).toLocalDate());
    return (isToday ? TODAY : LATER).format(there);
  }
}

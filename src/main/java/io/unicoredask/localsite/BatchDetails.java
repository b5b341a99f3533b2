package io.unicoredask.localsite;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** What Slurm would say about a job: the truth now, without the lag of the job's status. */
final class BatchDetails {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.US)
          .withZone(ZoneId.systemDefault());

  private static final int SIGTERM = 15;

  private BatchDetails() {}

  /**
   * @param expectedStart when a job that waits is expected to begin; null if nobody can say
   */
  static ObjectNode of(Job job, Execution execution, Instant expectedStart) {
    if (execution == null || execution.batchId == null) {
      return Json.object().put("rawDetailsData", "N/A");
    }
    JobDescription description = job.description();
    Resources resources = description.resources();
    Duration limit = Duration.ofSeconds(resources.number("Runtime"));
    long cpus = resources.nodes() * Math.max(1, resources.number("CPUsPerNode"));
    Instant started = execution.started;
    ObjectNode details =
        Json.object()
            .put("JobId", execution.batchId)
            .put("JobName", description.name())
            .put("JobState", execution.state())
            .put("Reason", reason(execution))
            .put("ExitCode", exitCode(execution))
            .put("Partition", resources.get("Queue"))
            .put("NodeList", nodes(execution))
            .put("NumNodes", String.valueOf(resources.nodes()))
            .put("NumCPUs", String.valueOf(cpus))
            .put("UserId", job.owner)
            .put("SubmitTime", TIME.format(job.submissionTime))
            .put("TimeLimit", clock(limit))
            .put("BatchFlag", description.type() == JobType.ALLOCATE ? "0" : "1")
            .put("WorkDir", job.directory + "/");
    if (started != null) {
      Instant ended = execution.ended;
      details
          .put("StartTime", TIME.format(started))
          .put("EndTime", TIME.format(ended == null ? started.plus(limit) : ended))
          .put("RunTime", clock(Duration.between(started, ended == null ? Instant.now() : ended)));
    } else if (expectedStart != null) {
      details
          .put("StartTime", TIME.format(expectedStart))
          .put("EndTime", TIME.format(expectedStart.plus(limit)));
    }
    if (description.type() != JobType.ALLOCATE) {
      details
          .put("StdIn", "/dev/null")
          .put("StdOut", job.directory + "//" + description.stdout())
          .put("StdErr", job.directory + "//" + description.stderr());
    }
    return details;
  }

  private static String reason(Execution execution) {
    if (execution.ending == Execution.Ending.TIME_LIMIT) {
      return "TimeLimit";
    }
    return execution.started == null && !execution.over ? "Resources" : "None";
  }

  /** The script's exit code, and the signal that ended it. */
  private static String exitCode(Execution execution) {
    boolean isKilled = execution.over && execution.ending != Execution.Ending.ITSELF;
    return "%d:%d".formatted(execution.exitCode(), isKilled ? SIGTERM : 0);
  }

  private static String nodes(Execution execution) {
    return execution.nodes.isEmpty() ? "(null)" : String.join(",", execution.nodes);
  }

  private static String clock(Duration time) {
    return "%02d:%02d:%02d".formatted(time.toHours(), time.toMinutesPart(), time.toSecondsPart());
  }
}

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

  private BatchDetails() {}

  static ObjectNode of(Job job, Execution execution) {
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
            .put("Reason", started == null ? "Resources" : "None")
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
      details
          .put("StartTime", TIME.format(started))
          .put("EndTime", TIME.format(started.plus(limit)))
          .put("RunTime", clock(Duration.between(started, Instant.now())));
    }
    if (description.type() != JobType.ALLOCATE) {
      details
          .put("StdIn", "/dev/null")
          .put("StdOut", job.directory + "//" + description.stdout())
          .put("StdErr", job.directory + "//" + description.stderr());
    }
    return details;
  }

  private static String nodes(Execution execution) {
    return execution.nodes.isEmpty() ? "(null)" : String.join(",", execution.nodes);
  }

  private static String clock(Duration time) {
    return "%02d:%02d:%02d".formatted(time.toHours(), time.toMinutesPart(), time.toSecondsPart());
  }
}

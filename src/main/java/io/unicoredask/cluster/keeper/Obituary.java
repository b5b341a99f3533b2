package io.unicoredask.cluster.keeper;

import com.fasterxml.jackson.databind.JsonNode;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.unicore.BatchState;
import io.unicoredask.unicore.JobDetails;
import java.net.URI;
import java.util.Map;

/** How a job ended, as the batch system says, and what can be done about it. */
final class Obituary {

  private static final Map<String, BatchState> REASONS_TO_END =
      Map.of(
          "TimeLimit", BatchState.TIME_LIMIT,
          "OutOfMemory", BatchState.OUT_OF_MEMORY,
          "NodeDown", BatchState.NODE_FAILURE);

  private Obituary() {}

  /**
   * @param purpose what the job was for
   * @param url the job's URL in full
   * @param request what was asked for; null if that is not known
   */
  static String of(String purpose, URI url, JobDetails details, ClusterRequest request) {
    String how =
        switch (cause(details)) {
          case CANCELLED -> "was cancelled at the site, by a user or an operator";
          case PREEMPTED ->
              "was ended for another job; a queue that does not preempt would keep it";
          case TIME_LIMIT ->
              "was ended when its time was over%s; ask for more, where the queue allows it"
                  .formatted(limit(details, purpose, request));
          case OUT_OF_MEMORY ->
              "was ended since it took more memory than it had; ask for more in Resources, or for"
                  + " fewer workers a job";
          case ENDING ->
              "is being ended by the batch system: it was cancelled, or its processes have ended";
          case NODE_FAILURE -> "was ended since a node failed";
          case FAILED ->
              details.exitCode() == null || details.exitCode() == 0
                  ? "failed"
                  : "failed with exit code " + details.exitCode();
          default -> "has ended";
        };
    String reason =
        details.reason() == null || details.reason().equals(details.word())
            ? ""
            : ", " + details.reason();
    return "the %s job %s %s (%s%s)".formatted(purpose, url, how, details.word(), reason);
  }

  /** While a job is being ended, Slurm has no word for how yet, but often a reason. */
  private static BatchState cause(JobDetails details) {
    return details.state() == BatchState.ENDING && details.reason() != null
        ? REASONS_TO_END.getOrDefault(details.reason(), BatchState.ENDING)
        : details.state();
  }

  private static String limit(JobDetails details, String purpose, ClusterRequest request) {
    String length = details.timeLimit() == null ? "" : " after " + details.timeLimit();
    return request == null ? length : length + ", " + origin(purpose, request);
  }

  private static String origin(String purpose, ClusterRequest request) {
    String variable = variable(purpose);
    JsonNode description =
        switch (variable) {
          case "allocation" -> request.newAllocation();
          case "schedulerJob" -> request.schedulerJob();
          default -> request.workerJob();
        };
    JsonNode runtime = description == null ? null : description.path("Resources").get("Runtime");
    return runtime == null
        ? "the limit of the queue, since %s sets no Resources.Runtime".formatted(variable)
        : "its Resources.Runtime = %s in %s".formatted(runtime.asText(), variable);
  }

  private static String variable(String purpose) {
    if (purpose.equals(AllocationJob.PURPOSE)) {
      return "allocation";
    }
    return purpose.startsWith(SchedulerJob.PURPOSE) ? "schedulerJob" : "workerJob";
  }
}

package io.unicoredask.cluster.keeper;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.request.QueueWorkers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What would be submitted for a request, by the variables that show it. */
public final class Descriptions {

  private Descriptions() {}

  /** All of them, without the cluster's own tags. */
  public static Map<String, Writing.Json> of(ClusterRequest request) {
    JobDescriptions jobs = new JobDescriptions(request);
    Map<String, Writing.Json> descriptions = new LinkedHashMap<>();
    if (request.newAllocation() != null) {
      put(descriptions, AllocationJob.PURPOSE, jobs.allocation());
    }
    put(descriptions, SchedulerJob.PURPOSE, jobs.scheduler());
    put(
        descriptions,
        WorkerJob.name(1),
        jobs.worker(
            WorkerJob.name(1),
            "<directory of the scheduler job>/" + JobDescriptions.SCHEDULER_FILE,
            request.queueWorkers() == QueueWorkers.TOGETHER));
    return descriptions;
  }

  /**
   * Those of the jobs that were submitted.
   *
   * @param shown the description of a job by what it is for
   */
  static Map<String, Writing.Json> submitted(
      List<Result> results, Function<String, ObjectNode> shown) {
    Map<String, Writing.Json> descriptions = new LinkedHashMap<>();
    for (Result result : results) {
      if (result instanceof Result.Submitted submitted) {
        put(descriptions, submitted.purpose(), shown.apply(submitted.purpose()));
      }
    }
    return descriptions;
  }

  private static void put(
      Map<String, Writing.Json> descriptions, String purpose, ObjectNode description) {
    descriptions.put(variable(purpose), Outputs.json(description));
  }

  static String variable(String purpose) {
    if (purpose.equals(AllocationJob.PURPOSE)) {
      return "allocationDescription";
    }
    return purpose.startsWith(SchedulerJob.PURPOSE)
        ? "schedulerJobDescription"
        : "workerJobDescription";
  }
}

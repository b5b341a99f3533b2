package io.unicoredask.localsite;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which tasks run inside which allocation. */
final class Allocations {
  private final Map<String, Job> allocationByTask = new ConcurrentHashMap<>();

  /**
   * The description of a task: a job on the login node that finds the allocation's id in its
   * environment.
   *
   * @throws HttpProblem 500 if the job is no allocation, or is not running
   */
  ObjectNode task(Job allocation, ObjectNode submitted) {
    checkIsAllocation(allocation);
    if (allocation.status() != Job.Status.RUNNING) {
      throw notSubmitted(
          "Allocation is not active. Status is "
              + (allocation.isFinished() ? "DONE" : allocation.status()));
    }
    ObjectNode environment = Json.object();
    Json.map(submitted.get("Environment")).forEach(environment::put);
    environment.put("SLURM_JOB_ID", allocation.batchSystemId());
    ObjectNode task = submitted.deepCopy().put("Job type", JobType.ON_LOGIN_NODE.name());
    task.set("Environment", environment);
    return task;
  }

  /** Sees to it that a job is an allocation. */
  static void checkIsAllocation(Job job) {
    if (job.type() != JobType.ALLOCATE) {
      throw notSubmitted("This job is not an allocation.");
    }
  }

  private static HttpProblem notSubmitted(String problem) {
    return HttpProblem.serverError(
        "Could not submit task into allocation: java.lang.Exception: " + problem);
  }

  void add(Job task, Job allocation) {
    allocationByTask.put(task.id, allocation);
  }

  void forget(Job task) {
    allocationByTask.remove(task.id);
  }

  /** The batch system's id of the allocation a job runs in, or {@code null}. */
  String batchIdFor(Job task) {
    Job allocation = allocationByTask.get(task.id);
    return allocation == null ? null : allocation.batchSystemId();
  }

  /** The ids of the tasks in an allocation. */
  List<String> tasks(Job allocation) {
    return allocationByTask.entrySet().stream()
        .filter(entry -> entry.getValue() == allocation)
        .map(Map.Entry::getKey)
        .toList();
  }
}

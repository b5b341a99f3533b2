package io.unicoredask.camunda;

import io.unicoredask.cluster.Cluster;
import io.unicoredask.cluster.ClusterActivities;
import io.unicoredask.cluster.Progress;
import io.unicoredask.cluster.WorkerJob;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.Set;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the steps of those clusters whose variable {@code debug} is true, all under one logger, and
 * keeps the descriptions of their jobs.
 */
class DebugNotes {

  private static final Logger LOG = LoggerFactory.getLogger("io.unicoredask.debug");

  private final ClusterActivities activities;
  private final ClusterVariables variables;

  DebugNotes(ClusterActivities activities, ClusterVariables variables) {
    this.activities = activities;
    this.variables = variables;
  }

  void step(DelegateExecution execution, String activity, Cluster before, Progress progress) {
    if (!isOn(execution)) {
      return;
    }
    Cluster after = progress.cluster();
    Set<URI> submitted = jobs(after);
    submitted.removeAll(jobs(before));
    log(execution, after, activity, progress.done() ? "done" : progress.note(), submitted);
    if (!submitted.isEmpty()) {
      ClusterVariables.write(
          execution, activities.submitted(before, after, variables.request(execution)));
    }
  }

  void failure(DelegateExecution execution, String activity, Cluster cluster, Exception failure) {
    if (isOn(execution)) {
      log(execution, cluster, activity, "failed: " + failure.getMessage(), Set.of());
    }
  }

  private static void log(
      DelegateExecution execution, Cluster cluster, String activity, String step, Set<URI> jobs) {
    LOG.info(
        "Cluster {} ({}), {}: {}{}",
        cluster.id(),
        execution.getProcessBusinessKey(),
        activity,
        step,
        jobs.isEmpty() ? "" : ", new jobs " + jobs);
  }

  private static boolean isOn(DelegateExecution execution) {
    return "true".equals(String.valueOf(execution.getVariable(DaskVariables.DEBUG)));
  }

  private static Set<URI> jobs(Cluster cluster) {
    Set<URI> jobs = new LinkedHashSet<>();
    if (cluster.allocation() != null) {
      jobs.add(cluster.allocation());
    }
    if (cluster.scheduler() != null) {
      jobs.add(cluster.scheduler().job());
    }
    cluster.workers().stream().map(WorkerJob::job).forEach(jobs::add);
    return jobs;
  }
}

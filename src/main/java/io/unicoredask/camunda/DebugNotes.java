package io.unicoredask.camunda;

import io.unicoredask.cluster.Cluster;
import io.unicoredask.cluster.ClusterActivities;
import io.unicoredask.cluster.Progress;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
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
    Set<URI> submitted = after.jobs().collect(Collectors.toCollection(LinkedHashSet::new));
    before.jobs().forEach(submitted::remove);
    log(
        execution,
        after,
        activity,
        progress.done() ? "done" : progress.note(),
        submitted.stream().map(job -> variables.url(after, job)).toList());
    if (!submitted.isEmpty()) {
      ClusterVariables.write(
          execution, activities.submitted(before, after, variables.request(execution)));
    }
  }

  void failure(DelegateExecution execution, String activity, Cluster cluster, Exception failure) {
    if (isOn(execution)) {
      log(execution, cluster, activity, "failed: " + failure.getMessage(), List.of());
    }
  }

  private static void log(
      DelegateExecution execution,
      Cluster cluster,
      String activity,
      String step,
      List<String> jobs) {
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
}

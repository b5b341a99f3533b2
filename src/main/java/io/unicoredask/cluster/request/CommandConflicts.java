package io.unicoredask.cluster.request;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Finds what is asked for twice: by a variable, and in the description of a job. */
class CommandConflicts {

  private final List<String> problems = new ArrayList<>();

  /** A sentence for each. */
  static List<String> problems(ClusterRequest request) {
    CommandConflicts conflicts = new CommandConflicts();
    if (request.threads() != null) {
      conflicts.option(
          ClusterVariable.THREADS,
          request.threads(),
          ClusterVariable.WORKER_JOB,
          request.workerJob(),
          "--nthreads");
    }
    if (request.idleTimeout() != null) {
      conflicts.option(
          ClusterVariable.IDLE_TIMEOUT,
          request.idleTimeout(),
          ClusterVariable.SCHEDULER_JOB,
          request.schedulerJob(),
          "--idle-timeout");
      conflicts.setting(
          "%s = %s".formatted(ClusterVariable.IDLE_TIMEOUT.variableName(), request.idleTimeout()),
          request.schedulerJob(),
          "DASK_DISTRIBUTED__SCHEDULER__IDLE_TIMEOUT",
          "one of them");
    }
    if (request.tunnel() != TunnelKind.DIRECT) {
      conflicts.setting(
          "%s = %s".formatted(ClusterVariable.TUNNEL.variableName(), request.tunnel().value()),
          request.schedulerJob(),
          "DASK_DISTRIBUTED__SCHEDULER__PRELOAD",
          "--preload in its Arguments, beside which the relay's own can stand");
    }
    return conflicts.problems;
  }

  private void option(
      ClusterVariable variable,
      Object value,
      ClusterVariable job,
      ObjectNode given,
      String option) {
    Command.of(given)
        .value(option)
        .filter(other -> !other.equals(value.toString()))
        .ifPresent(
            other ->
                problems.add(
                    "%s = %s with %s %s in %s is not allowed; allowed is one of them"
                        .formatted(
                            variable.variableName(), value, option, other, job.variableName())));
  }

  /** A setting of Dask's that an option would override. */
  private void setting(String with, ObjectNode schedulerJob, String name, String allowed) {
    JobEnvironment.of(schedulerJob).values().keySet().stream()
        .filter(name::equalsIgnoreCase)
        .forEach(
            there ->
                problems.add(
                    "%s with %s in the Environment of schedulerJob is not allowed; allowed is %s"
                        .formatted(with, there, allowed)));
  }
}

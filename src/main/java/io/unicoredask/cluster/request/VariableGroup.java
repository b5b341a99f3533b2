package io.unicoredask.cluster.request;

import java.util.Arrays;
import java.util.List;

/** What belongs together where people are asked for a request: the sections of a form, in order. */
public enum VariableGroup {
  SIZE("Size", "workers", "jobs", "adapt", "processes", "threads", "minWorkers"),
  PLACE("Where it runs", "site", "queue", "project", "allocation"),
  SCRIPT("Script", "script", "scriptArguments", "resultFiles"),
  JOBS("Jobs", "schedulerJob", "workerJob", "scriptJob", "queueWorkers", "waitForStartup"),
  PORTS("Connection", "localPort", "connectDashboard", "localDashboardPort", "tunnel", "security"),
  LOSSES("What is lost", "maxReplacements", "workerLostAfter", "renewWorkers", "onSchedulerLost"),
  TIMES("Time limits"),
  MORE("More");

  private final String label;
  private final List<String> variables;

  VariableGroup(String label, String... variables) {
    this.label = label;
    this.variables = List.of(variables);
  }

  /** What people read above it. */
  public String label() {
    return label;
  }

  /** The one that a variable is in; what is in no other is in the last. */
  public static VariableGroup of(Variable variable) {
    return Arrays.stream(values())
        .filter(group -> group.variables.contains(variable.name()))
        .findAny()
        .orElse(variable.allowed() instanceof Allowed.TimeSpan ? TIMES : MORE);
  }
}

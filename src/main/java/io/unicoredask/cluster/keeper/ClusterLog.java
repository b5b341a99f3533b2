package io.unicoredask.cluster.keeper;

import java.net.URI;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the log says of a cluster. */
class ClusterLog {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterLog.class);
  private static final Logger DEBUG = LoggerFactory.getLogger("io.unicoredask.debug");

  private final String cluster;

  ClusterLog(String cluster) {
    this.cluster = cluster;
  }

  /** Says what else has become of note. */
  void warnings(Cluster before, Cluster now) {
    now.warnings().stream()
        .filter(warning -> !before.warnings().contains(warning))
        .forEach(warning -> LOG.warn("Cluster {}: {}", cluster, warning));
  }

  /** Says with which errors its activities end. */
  void failures(Decision decision) {
    decision.outcomes().values().stream()
        .filter(Outcome.Failed.class::isInstance)
        .map(Outcome.Failed.class::cast)
        .distinct()
        .forEach(e -> LOG.warn("Cluster {} failed, {}: {}", cluster, e.error(), e.message()));
  }

  /**
   * Says what comes next, under one logger for all clusters whose variable {@code debug} is true.
   */
  void step(Demand demand, Cluster before, Decision decision, UnaryOperator<URI> resolve) {
    Set<URI> submitted =
        decision.cluster().jobs().collect(Collectors.toCollection(LinkedHashSet::new));
    before.jobs().forEach(submitted::remove);
    String jobs =
        submitted.isEmpty() ? "" : ", new jobs " + submitted.stream().map(resolve).toList();
    for (Waiting waiting : demand.waiting()) {
      if (waiting.isAside()) {
        continue;
      }
      Outcome outcome = decision.outcomes().get(waiting.execution());
      DEBUG.info(
          "Cluster {} ({}), {}: {}{}",
          cluster,
          demand.name(),
          activity(waiting.phase()),
          outcome == null ? decision.note() : words(outcome),
          jobs);
    }
  }

  private static String words(Outcome outcome) {
    return outcome instanceof Outcome.Failed failed ? "failed: " + failed.message() : "done";
  }

  /** As process models name it. */
  static String activity(Phase phase) {
    StringBuilder name = new StringBuilder("dask");
    for (String word : phase.name().toLowerCase(Locale.ROOT).split("_")) {
      name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
    }
    return phase == Phase.TEAR_DOWN ? "daskTeardown" : name.toString();
  }
}

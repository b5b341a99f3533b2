package io.unicoredask.cluster.keeper;

import java.util.Map;
import java.util.Set;

/**
 * What a keeper has to put down and to tell.
 *
 * @param before the cluster as it is on record
 * @param after the cluster as it is to be
 * @param begun the executions whose activities have been begun
 * @param outputs variables that are new; null removes one. Texts, whole numbers, or {@link Json}.
 * @param outcomes what activities are told, by execution
 */
public record Writing(
    Cluster before,
    Cluster after,
    Set<String> begun,
    Map<String, Object> outputs,
    Map<String, Outcome> outcomes) {

  /**
   * A value that is written as JSON.
   *
   * @param text the JSON
   */
  public record Json(String text) {}

  /** Whether jobs are put down that are about to be submitted. */
  public boolean announcesJobs() {
    return after.newlyWantedSince(before).findAny().isPresent();
  }
}

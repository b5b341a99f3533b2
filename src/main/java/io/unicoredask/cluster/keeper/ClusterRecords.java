package io.unicoredask.cluster.keeper;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where clusters are on record, and through which the activities are told that wait for them: the
 * engine and its database. Each method is one transaction, or a part of the caller's.
 */
public interface ClusterRecords {

  /** All clusters. */
  List<Recorded> all();

  /** One of them; nothing if there is none (any more). */
  Optional<Recorded> find(String clusterId);

  /** When those were changed last that the engine has changed since then, both in milliseconds. */
  Map<String, Long> changedSince(long millis);

  /**
   * What a script that runs is asked for, and how far it is.
   *
   * @param execution the execution of its activity
   * @return nothing if nobody waits for it (any more)
   */
  Optional<ScriptRun> script(String execution);

  /**
   * Puts down what a keeper has come to know, and tells those who wait.
   *
   * @throws RuntimeException if nothing of it was done, as when the engine changed something at the
   *     same moment, or this node no longer looks after the clusters
   */
  void write(Writing writing);

  /** The same of a script, or of logs that are read. */
  void write(SideWriting writing);

  /** Whether an activity still waits. */
  boolean isWaiting(String execution);

  /** Opens an incident at a waiting execution, unless there is one. */
  void openIncident(String execution, String message);

  /** The executions at which one is open. */
  Set<String> incidents();

  /**
   * What people were told last, by the ids of the clusters.
   *
   * @param variables of which variables
   */
  Map<String, Map<String, Object>> told(Set<String> variables);

  /** Closes it, if there is one. */
  void resolveIncident(String execution);
}

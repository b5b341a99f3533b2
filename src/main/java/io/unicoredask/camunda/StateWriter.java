package io.unicoredask.camunda;

import io.unicoredask.camunda.node.Leadership;
import io.unicoredask.cluster.keeper.Cluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Writes how far clusters are, for their keepers on the node that looks after them. */
class StateWriter {

  private final EngineDatabase database;
  private final JobRows jobs;
  private final PhaseRows phases;
  private final String node;
  private final String update;

  /**
   * @param node the node that may
   */
  StateWriter(EngineDatabase database, String node) {
    this.database = database;
    this.jobs = new JobRows(database);
    this.phases = new PhaseRows(database);
    this.node = node;
    this.update =
        "UPDATE %s SET %s WHERE ID_ = ? AND EXISTS (SELECT 1 FROM %s WHERE name = ? AND locked_by = ?)"
            .formatted(
                database.table("CLUSTER"), StateColumns.assignments(), database.table("LOCK"));
  }

  /**
   * Puts the one in place of the other.
   *
   * @param begun the executions whose activities have been begun
   * @return whether it was written: the cluster is there, and that node looks after it
   */
  boolean write(Cluster before, Cluster after, Set<String> begun) {
    List<Object> arguments = new ArrayList<>(StateColumns.values(after));
    arguments.addAll(List.of(after.id(), Leadership.LOCK, node));
    return database.inTransaction(
        transaction -> {
          if (database.update(update, arguments.toArray()) == 0) {
            return false;
          }
          jobs.write(before, after);
          begun.forEach(phases::isBegun);
          return true;
        });
  }
}

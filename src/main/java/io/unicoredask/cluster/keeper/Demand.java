package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.request.ClusterRequest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the engine wants of a cluster: written by the engine's transactions, read by the keeper.
 *
 * @param name the cluster's name among people, the business key; null if it has none
 * @param request what is asked for
 * @param waiting the activities that wait, oldest first
 * @param workDeleted whether the process that worked in the cluster was deleted
 */
public record Demand(
    String name, ClusterRequest request, List<Waiting> waiting, boolean workDeleted) {

  /** Takes a copy of the list. */
  public Demand {
    waiting = List.copyOf(waiting);
  }

  boolean isWaiting(Phase phase) {
    return waiting.stream().anyMatch(one -> one.phase() == phase);
  }

  Stream<Waiting> waiting(Phase phase) {
    return waiting.stream().filter(one -> one.phase() == phase);
  }

  /** The execution at which what hinders the cluster is said. */
  Optional<String> execution() {
    return waiting.stream().filter(one -> !one.isAside()).map(Waiting::execution).findFirst();
  }

  /** What is left of it when this was told. */
  Demand after(Decision decision) {
    return new Demand(
        name,
        request,
        waiting.stream()
            .filter(one -> !decision.outcomes().containsKey(one.execution()))
            .map(
                one ->
                    decision.begun().contains(one.execution())
                        ? new Waiting(one.execution(), one.phase(), one.since(), true)
                        : one)
            .toList(),
        workDeleted);
  }
}

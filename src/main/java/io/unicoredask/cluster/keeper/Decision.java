package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.ClusterError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What follows from what is on record, what is asked for and what was seen: what is to be put on
 * record, what is to be done then, and whom there is something to tell. Made by the rules, one
 * after the other; nothing happens before it is read.
 */
class Decision {

  private final Demand demand;
  private final Set<String> begun = new HashSet<>();
  private final Map<String, Outcome> outcomes = new HashMap<>();
  private final List<Action> actions = new ArrayList<>();
  private final Map<String, Object> outputs = new HashMap<>();
  private Cluster cluster;
  private Recollection recollection;
  private String note = "";
  private boolean noteAsBefore;
  private boolean found;
  private RuntimeException obstacle;
  private Outcome.Failed scaleFailure;

  Decision(Cluster cluster, Demand demand, Recollection recollection) {
    this.cluster = cluster;
    this.demand = demand;
    this.recollection = recollection;
  }

  Demand demand() {
    return demand;
  }

  Cluster cluster() {
    return cluster;
  }

  Recollection recollection() {
    return recollection;
  }

  /** The executions whose activities have been begun. */
  Set<String> begun() {
    return begun;
  }

  /** What activities are told, by execution. */
  Map<String, Outcome> outcomes() {
    return outcomes;
  }

  List<Action> actions() {
    return actions;
  }

  /** Variables besides those that follow from the record; a null value removes one. */
  Map<String, Object> outputs() {
    return outputs;
  }

  /** What is being waited for, in a few words for a person; empty when nothing is. */
  String note() {
    return note;
  }

  /** Whether that is what it was before, for all that was seen this time. */
  boolean isNoteAsBefore() {
    return noteAsBefore && note.isEmpty();
  }

  /** Whether it can be gone on with at once. */
  boolean isFound() {
    return found;
  }

  /** What keeps the cluster from going on for now. */
  Optional<RuntimeException> obstacle() {
    return Optional.ofNullable(obstacle);
  }

  /** Why the cluster has not the size that was asked for, where no activity is told. */
  Optional<Outcome.Failed> scaleFailure() {
    return Optional.ofNullable(scaleFailure);
  }

  void change(UnaryOperator<Cluster> change) {
    cluster = change.apply(cluster);
  }

  void remember(UnaryOperator<Recollection> change) {
    recollection = change.apply(recollection);
  }

  /** Whether nothing is to be done, and nothing waits for its time. */
  boolean isSettled() {
    return actions.isEmpty()
        && obstacle == null
        && demand.waiting().stream().allMatch(one -> one.isAside() || one.phase() == Phase.MONITOR)
        && recollection.fewerWanted() == 0
        && recollection.missingSince().isEmpty();
  }

  /** Whether an activity waits for this and has not been told anything. */
  boolean awaits(Phase phase) {
    return demand.waiting(phase).anyMatch(one -> !outcomes.containsKey(one.execution()));
  }

  /** Notes that those which wait for this are begun, and returns whether one was not. */
  boolean begins(Phase phase) {
    return demand
        .waiting(phase)
        .filter(one -> !one.begun())
        .map(one -> begun.add(one.execution()))
        .reduce(false, (any, one) -> true);
  }

  /** Whether an activity is told that what it waits for will not come about. */
  boolean hasFailed() {
    return outcomes.values().stream().anyMatch(Outcome.Failed.class::isInstance);
  }

  void done(Phase phase) {
    tell(phase, new Outcome.Done());
  }

  void fail(Phase phase, ClusterError error, String message) {
    tell(phase, new Outcome.Failed(error, message));
  }

  void tell(Phase phase, Outcome outcome) {
    demand.waiting(phase).forEach(one -> outcomes.putIfAbsent(one.execution(), outcome));
  }

  void act(Action action) {
    actions.add(action);
  }

  void output(String variable, Object value) {
    outputs.put(variable, value);
  }

  void note(String text) {
    note = text;
  }

  /** What was waited for is there, though no activity is told yet. */
  void found() {
    found = true;
  }

  void noteAsBefore() {
    noteAsBefore = true;
  }

  void hinderedBy(RuntimeException reason) {
    obstacle = reason;
  }

  void scalingFailed(ClusterError error, String message) {
    scaleFailure = new Outcome.Failed(error, message);
  }
}

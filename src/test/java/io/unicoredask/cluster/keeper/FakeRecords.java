package io.unicoredask.cluster.keeper;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One cluster's record, in memory. Writing may fail, and is noted among other calls. */
class FakeRecords implements ClusterRecords {

  final List<String> calls;
  final List<Runnable> beforeWriting = new ArrayList<>();
  final Map<String, Object> outputs = new HashMap<>();
  final Map<String, Outcome> outcomes = new HashMap<>();
  final Map<String, String> incidents = new HashMap<>();
  final Set<String> gone = new HashSet<>();
  Recorded recorded;

  FakeRecords(Recorded recorded, List<String> calls) {
    this.recorded = recorded;
    this.calls = calls;
  }

  /** Has the next writings fail. */
  void fail(int times, RuntimeException reason) {
    for (int i = 0; i < times; i++) {
      beforeWriting.add(
          () -> {
            throw reason;
          });
    }
  }

  @Override
  public List<Recorded> all() {
    return List.of(recorded);
  }

  @Override
  public Optional<Recorded> find(String clusterId) {
    return Optional.ofNullable(recorded);
  }

  @Override
  public Map<String, Long> changedSince(long millis) {
    return Map.of();
  }

  @Override
  public Optional<ScriptRun> script(String execution) {
    return Optional.empty();
  }

  @Override
  public void write(Writing writing) {
    prepare();
    calls.add(writing.announcesJobs() ? "announce" : "write");
    outputs.putAll(writing.outputs());
    outcomes.putAll(writing.outcomes());
    List<Waiting> left =
        recorded.demand().waiting().stream()
            .filter(one -> !writing.outcomes().containsKey(one.execution()))
            .toList();
    recorded =
        new Recorded(
            writing.after(),
            new Demand(null, recorded.demand().request(), left, false),
            recorded.changed());
  }

  @Override
  public void write(SideWriting writing) {
    prepare();
    outputs.putAll(writing.outputs());
    writing.outcome().ifPresent(outcome -> outcomes.put(writing.execution(), outcome));
  }

  private void prepare() {
    if (!beforeWriting.isEmpty()) {
      beforeWriting.remove(0).run();
    }
  }

  @Override
  public boolean isWaiting(String execution) {
    return !gone.contains(execution);
  }

  @Override
  public void openIncident(String execution, String message) {
    incidents.put(execution, message);
  }

  @Override
  public void resolveIncident(String execution) {
    incidents.remove(execution);
  }
}

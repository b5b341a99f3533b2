package io.unicoredask.cluster.keeper;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** One cluster's record, in memory. Writing may fail, and is noted among other calls. */
class FakeRecords implements ClusterRecords {

  final List<String> calls;
  final List<Runnable> beforeWriting = new ArrayList<>();
  final Map<String, Object> outputs = Collections.synchronizedMap(new HashMap<>());
  final Map<String, Outcome> outcomes = Collections.synchronizedMap(new HashMap<>());
  final Map<String, String> incidents = Collections.synchronizedMap(new HashMap<>());
  final List<String> resolved = Collections.synchronizedList(new ArrayList<>());
  final Set<String> gone = new HashSet<>();
  final Map<String, Long> changes = Collections.synchronizedMap(new HashMap<>());
  final List<Long> askedSince = Collections.synchronizedList(new ArrayList<>());
  final AtomicInteger finds = new AtomicInteger();
  volatile ScriptRun script;
  volatile Recorded recorded;

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
    finds.incrementAndGet();
    return Optional.ofNullable(recorded);
  }

  @Override
  public Map<String, Long> changedSince(long millis) {
    askedSince.add(millis);
    return Map.copyOf(changes);
  }

  @Override
  public Optional<ScriptRun> script(String execution) {
    return gone.contains(execution) ? Optional.empty() : Optional.ofNullable(script);
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
            .map(
                one ->
                    new Waiting(
                        one.execution(),
                        one.phase(),
                        one.since(),
                        one.begun() || writing.begun().contains(one.execution())))
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
    if (script != null && writing.script().isPresent()) {
      script = new ScriptRun(script.request(), writing.script());
    }
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
  public Set<String> incidents() {
    return Set.copyOf(incidents.keySet());
  }

  @Override
  public Map<String, Map<String, Object>> told(Set<String> variables) {
    return Map.of();
  }

  @Override
  public void resolveIncident(String execution) {
    resolved.add(execution);
    incidents.remove(execution);
  }
}

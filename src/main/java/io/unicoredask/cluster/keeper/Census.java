package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.ClusterStatus;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** How many clusters there are, what they wait for, and what jobs they have, at one moment. */
public final class Census {

  /** That of a node that looks after no cluster. */
  public static final Census NONE = of(Stream.of());

  private final Map<List<?>, Long> counts = new HashMap<>();
  private final Map<List<?>, Instant> oldest = new HashMap<>();

  private enum Workers {
    PLANNED,
    CONNECTED
  }

  /**
   * A cluster that is counted.
   *
   * @param demand what is wanted of it
   */
  record Entry(Cluster cluster, Demand demand) {}

  private Census() {}

  static Census of(Stream<Entry> clusters) {
    Census census = new Census();
    clusters.forEach(census::add);
    return census;
  }

  private void add(Entry one) {
    Cluster cluster = one.cluster();
    Demand demand = one.demand();
    String site = cluster.site();
    count(1, site, status(demand));
    demand.waiting().forEach(waiting -> add(site, waiting));
    JobState.ofAllocation(cluster).ifPresent(state -> count(1, site, JobRole.ALLOCATION, state));
    JobState.ofScheduler(cluster).ifPresent(state -> count(1, site, JobRole.SCHEDULER, state));
    cluster.workers().forEach(worker -> count(1, site, JobRole.WORKER, JobState.of(worker)));
    AtWork atWork = AtWork.of(cluster);
    count(atWork.wanted(), site, Workers.PLANNED);
    count(atWork.connected(), site, Workers.CONNECTED);
  }

  private void add(String site, Waiting waiting) {
    count(1, site, waiting.phase());
    oldest.merge(
        List.of(site, waiting.phase()),
        waiting.since(),
        (one, other) -> one.isBefore(other) ? one : other);
  }

  private void count(long more, Object... of) {
    counts.merge(List.of(of), more, Long::sum);
  }

  /** As its process instance says it. */
  private static ClusterStatus status(Demand demand) {
    if (demand.isWaiting(Phase.TEAR_DOWN)) {
      return ClusterStatus.STOPPING;
    }
    return demand.isWaiting(Phase.MONITOR) ? ClusterStatus.RUNNING : ClusterStatus.PENDING;
  }

  private long of(Object... what) {
    return counts.getOrDefault(List.of(what), 0L);
  }

  /** How many clusters at a site are so; none is {@code STOPPED} or {@code FAILED}. */
  public long clusters(String site, ClusterStatus status) {
    return of(site, status);
  }

  /** How many activities wait for this at a site. */
  public long waiting(String site, Phase phase) {
    return of(site, phase);
  }

  /** Since when the one waits that waits longest; nothing if none waits. */
  public Optional<Instant> waitingSince(String site, Phase phase) {
    return Optional.ofNullable(oldest.get(List.of(site, phase)));
  }

  /** How many jobs at a site are so far. */
  public long jobs(String site, JobRole role, JobState state) {
    return of(site, role, state);
  }

  /** How many workers the jobs at a site are to run that are not about to be ended. */
  public long plannedWorkers(String site) {
    return of(site, Workers.PLANNED);
  }

  /** How many workers the schedulers at a site have. */
  public long connectedWorkers(String site) {
    return of(site, Workers.CONNECTED);
  }
}

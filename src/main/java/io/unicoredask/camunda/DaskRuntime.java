package io.unicoredask.camunda;

import io.unicoredask.cluster.ClusterActivities;
import io.unicoredask.cluster.site.Sites;
import java.util.function.Supplier;
import org.camunda.bpm.engine.ProcessEngine;

/** What the activities share: how they read variables, and who wakes them. */
public final class DaskRuntime implements AutoCloseable {

  private final Sites sites;
  private final ClusterActivities activities;
  private final ClusterVariables variables;
  private final Supplier<ProcessEngine> engine;
  private final Watcher watcher;
  private final SweepPace sweepPace;
  private final WatchPace watchPace;
  private Duty duty;

  /**
   * @param sites where clusters can run
   * @param activities what the activities do there
   * @param engine the engine whose processes wait; asked for when first needed
   * @param watchPace how often the watcher looks
   * @param sweepPace how often the sites are searched for jobs that belong to no cluster
   */
  public DaskRuntime(
      Sites sites,
      ClusterActivities activities,
      Supplier<ProcessEngine> engine,
      WatchPace watchPace,
      SweepPace sweepPace) {
    this.sites = sites;
    this.activities = activities;
    this.engine = engine;
    this.variables = new ClusterVariables(sites);
    this.watcher = new Watcher(engine, watchPace);
    this.watchPace = watchPace;
    this.sweepPace = sweepPace;
  }

  /**
   * Starts to look after the clusters, as soon as no other node of the engine does. Starting twice
   * does nothing.
   *
   * @throws IllegalStateException if the engine's database lacks the table for that, and it cannot
   *     be created; the message says how to
   */
  public synchronized void start() {
    if (duty == null) {
      Sweeper sweeper = new Sweeper(engine.get(), sites, activities, sweepPace.grace());
      duty = new Duty(engine.get(), watchPace.lease());
      duty.start(
          () -> {
            watcher.start();
            watcher.repeat(sweeper::round, sweepPace.interval());
          },
          () -> {
            watcher.close();
            activities.closePorts();
          });
    }
  }

  /** Stops looking. What waits goes on waiting, and is found again after the next start. */
  @Override
  public synchronized void close() {
    if (duty != null) {
      duty.close();
      duty = null;
    }
  }

  /** Whether this node, and no other, looks after the clusters. */
  synchronized boolean isOnDuty() {
    return duty != null && duty.isOnDuty();
  }

  ClusterActivities activities() {
    return activities;
  }

  ClusterVariables variables() {
    return variables;
  }

  Supplier<ProcessEngine> engine() {
    return engine;
  }

  Watcher watcher() {
    return watcher;
  }
}

package io.unicoredask.camunda;

import io.unicoredask.cluster.ClusterActivities;
import io.unicoredask.cluster.Sites;
import java.util.function.Supplier;
import org.camunda.bpm.engine.ProcessEngine;

/** What the activities share: how they read variables, and who wakes them. */
public final class DaskRuntime implements AutoCloseable {

  private final ClusterActivities activities;
  private final ClusterVariables variables;
  private final Supplier<ProcessEngine> engine;
  private final Watcher watcher;

  /**
   * @param sites where clusters can run
   * @param activities what the activities do there
   * @param engine the engine whose processes wait; asked for when first needed
   * @param pace how often the watcher looks
   */
  public DaskRuntime(
      Sites sites, ClusterActivities activities, Supplier<ProcessEngine> engine, WatchPace pace) {
    this.activities = activities;
    this.variables = new ClusterVariables(sites);
    this.engine = engine;
    this.watcher = new Watcher(engine, pace);
  }

  /** Starts to look at the sites for whoever waits. Starting twice does nothing. */
  public void start() {
    watcher.start();
  }

  /** Stops looking. What waits goes on waiting, and is found again after the next start. */
  @Override
  public void close() {
    watcher.close();
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

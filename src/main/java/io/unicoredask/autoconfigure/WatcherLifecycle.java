package io.unicoredask.autoconfigure;

import io.unicoredask.camunda.DaskRuntime;
import org.springframework.context.SmartLifecycle;

/** Runs the watcher while the application runs: from when all beans are there, until they go. */
class WatcherLifecycle implements SmartLifecycle {

  private final DaskRuntime runtime;
  private volatile boolean running;

  WatcherLifecycle(DaskRuntime runtime) {
    this.runtime = runtime;
  }

  @Override
  public void start() {
    runtime.start();
    running = true;
  }

  @Override
  public void stop() {
    runtime.close();
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}

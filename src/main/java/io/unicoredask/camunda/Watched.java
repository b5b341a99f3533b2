package io.unicoredask.camunda;

import io.unicoredask.cluster.Cluster;
import io.unicoredask.cluster.Progress;
import org.camunda.bpm.engine.RuntimeService;

/** What the watcher does for an execution that waits. */
interface Watched {

  /** Sees how far it is, outside of any transaction. */
  Progress look(Cluster cluster, RuntimeService engine, String executionId);

  /** The execution is gone without having been told of an end. */
  void abandon(Cluster cluster);
}

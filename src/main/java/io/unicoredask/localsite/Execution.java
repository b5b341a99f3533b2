package io.unicoredask.localsite;

import io.unicoredask.localsite.JobRunner.Running;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Future;

/**
 * One run of a job as the batch system knows it: the truth that the reported state lags behind. A
 * restarted job gets a new one. Written by the thread of {@link Jobs} only.
 */
final class Execution {
  final Job job;
  final String batchId;
  volatile List<String> nodes = List.of();
  volatile Instant started;
  volatile Running running;
  volatile boolean over;
  Future<?> runtimeEnd;

  Execution(Job job, String batchId) {
    this.job = job;
    this.batchId = batchId;
  }

  /** Slurm's word for the state. */
  String state() {
    if (over) {
      return "COMPLETED";
    }
    return started == null ? "PENDING" : "RUNNING";
  }

  boolean isAlive() {
    return running != null && running.isAlive();
  }
}

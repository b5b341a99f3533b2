package io.unicoredask.localsite;

import io.unicoredask.localsite.JobRunner.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;

/**
 * One run of a job as the batch system knows it: the truth that the reported state lags behind. A
 * restarted job gets a new one. Written by the thread of {@link JobProcessing} only.
 */
final class Execution {
  /** Who ended it. */
  enum Ending {
    ITSELF,
    SOMEBODY,
    TIME_LIMIT
  }

  final Job job;
  final String batchId;
  volatile List<String> nodes = List.of();
  volatile Instant started;
  volatile Running running;
  volatile boolean over;
  volatile Instant ended;
  volatile Ending ending = Ending.ITSELF;
  Future<?> runtimeEnd;

  Execution(Job job, String batchId) {
    this.job = job;
    this.batchId = batchId;
  }

  /**
   * Starts the job's script.
   *
   * @param number tells this run's processes from those of all other runs
   */
  void start(JobRunner runner, int number) throws IOException {
    Path script = Files.createTempFile(job.directory, "UNICORE_Job_", "");
    Files.writeString(script, JobScript.replaced(JobScript.toBeRun(job), System.getenv()));
    Map<String, String> environment = new HashMap<>();
    if (batchId != null) {
      environment.put("SLURM_JOB_ID", batchId);
      environment.put("SLURM_NNODES", String.valueOf(nodes.size()));
    }
    JobDescription description = job.description();
    running =
        runner.start(
            job.directory,
            script,
            description.stdout(),
            description.stderr(),
            environment,
            job.directory + "#" + number);
    started = Instant.now();
  }

  /** Slurm's word for the state. */
  String state() {
    if (!over) {
      return started == null ? "PENDING" : ending == Ending.ITSELF ? "RUNNING" : "COMPLETING";
    }
    return switch (ending) {
      case ITSELF -> exitCode() == 0 ? "COMPLETED" : "FAILED";
      case SOMEBODY -> "CANCELLED";
      case TIME_LIMIT -> "TIMEOUT";
    };
  }

  /** That of its script; 0 while it has none. */
  int exitCode() {
    return over && ending == Ending.ITSELF && running != null ? running.exitCode() : 0;
  }

  boolean isAlive() {
    return running != null && running.isAlive();
  }
}

package io.unicoredask.cluster;

import io.unicoredask.unicore.Job;
import io.unicoredask.unicore.JobNotFoundException;
import io.unicoredask.unicore.JobStatus;
import io.unicoredask.unicore.PlainText;
import io.unicoredask.unicore.UnicoreException;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads jobs that should be alive, and says what happened to one that is not. */
class JobWatch {

  private static final int TAIL_BYTES = 2000;

  /**
   * UNICORE has every job write it when its script ends, up to a minute before the status says so.
   */
  private static final String EXIT_CODE = "UNICORE_SCRIPT_EXIT_CODE";

  private final UnicoreSite site;

  JobWatch(UnicoreSite site) {
    this.site = site;
  }

  /**
   * Sees to it that a cluster's allocation, if there is one, is not over: its end is why its jobs
   * end, and they may be said to run long after it.
   */
  void requireAllocation(Cluster cluster) {
    if (cluster.allocation() != null) {
      alive(cluster.allocation(), ClusterError.DASK_ALLOCATION_FAILED, "allocation");
    }
  }

  /**
   * Reads a job that must not be over yet.
   *
   * @param error thrown if it is
   * @param purpose what the job is for
   */
  Job alive(URI url, ClusterError error, String purpose) {
    Job job = read(url, error, purpose);
    if (job.status().isFinished()) {
      throw new ClusterException(error, obituary(url, job, purpose));
    }
    return job;
  }

  /**
   * Whether a job that may end of its own accord has done so; failing is not that.
   *
   * @param error thrown if it failed
   * @param purpose what the job is for
   */
  boolean endedWell(URI url, ClusterError error, String purpose) {
    return notFailed(url, error, purpose).status() == JobStatus.SUCCESSFUL;
  }

  /**
   * Whether a job has ended well, as its directory shows even where its status says that it goes
   * on.
   *
   * @param error thrown if it has ended otherwise
   * @param purpose what the job is for
   */
  boolean leftWell(URI url, ClusterError error, String purpose) {
    Job job = notFailed(url, error, purpose);
    if (job.status() == JobStatus.SUCCESSFUL) {
      return true;
    }
    Optional<String> exitCode =
        job.workingDirectory() == null
            ? Optional.empty()
            : site.file(job.workingDirectory(), EXIT_CODE)
                .map(content -> PlainText.line(new String(content, StandardCharsets.UTF_8)).strip())
                .filter(content -> !content.isEmpty());
    if (exitCode.isPresent() && !exitCode.get().equals("0")) {
      throw new ClusterException(
          error,
          "the %s job %s has ended with exit code %s%s"
              .formatted(purpose, site.resolve(url), exitCode.get(), lastWords(job)));
    }
    return exitCode.isPresent();
  }

  /**
   * How far a worker job is of which the scheduler has not all workers; as it was, if the site does
   * not say now: one refused call of hundreds is no reason to know nothing.
   */
  WorkerJob.Status of(WorkerJob worker) {
    try {
      JobStatus status = site.job(worker.job()).status();
      if (status.isFinished()) {
        return WorkerJob.Status.LOST;
      }
      return status == JobStatus.RUNNING ? WorkerJob.Status.RUNNING : WorkerJob.Status.QUEUED;
    } catch (JobNotFoundException e) {
      return WorkerJob.Status.LOST;
    } catch (UnicoreException e) {
      if (e.isRetryable()) {
        return worker.status();
      }
      throw e;
    }
  }

  /** Whether a job is not over, in whichever way. */
  boolean isAlive(URI url) {
    try {
      return !site.job(url).status().isFinished();
    } catch (JobNotFoundException e) {
      return false;
    }
  }

  private Job notFailed(URI url, ClusterError error, String purpose) {
    Job job = read(url, error, purpose);
    if (job.status() == JobStatus.FAILED) {
      throw new ClusterException(error, obituary(url, job, purpose));
    }
    return job;
  }

  private Job read(URI url, ClusterError error, String purpose) {
    try {
      return site.job(url);
    } catch (JobNotFoundException e) {
      throw new ClusterException(
          error,
          "the %s job %s is gone from site '%s'".formatted(purpose, site.resolve(url), site.name()),
          e);
    }
  }

  private String obituary(URI url, Job job, String purpose) {
    StringBuilder text =
        new StringBuilder(
            "the %s job %s ended as %s".formatted(purpose, site.resolve(url), job.status()));
    if (job.exitCode() != null) {
      text.append(" with exit code ").append(job.exitCode());
    }
    if (job.statusMessage() != null && !job.statusMessage().isBlank()) {
      text.append(": ").append(job.statusMessage().strip());
    }
    return text.append(lastWords(job)).toString();
  }

  private String lastWords(Job job) {
    String stderr = stderrOf(job);
    return stderr.isBlank()
        ? " without a word on stderr"
        : "\nThe end of its stderr:\n" + stderr.strip();
  }

  private String stderrOf(Job job) {
    if (job.workingDirectory() == null) {
      return "";
    }
    try {
      return site.tail(job.workingDirectory(), "stderr", TAIL_BYTES).orElse("");
    } catch (UnicoreException e) {
      return "(could not be read: " + e.getMessage() + ")";
    }
  }
}

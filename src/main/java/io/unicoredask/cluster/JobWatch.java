package io.unicoredask.cluster;

import io.unicoredask.unicore.Job;
import io.unicoredask.unicore.JobNotFoundException;
import io.unicoredask.unicore.JobStatus;
import io.unicoredask.unicore.UnicoreException;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;

/** Reads jobs that should be alive, and says what happened to one that is not. */
class JobWatch {

  private static final int TAIL_BYTES = 2000;

  private final UnicoreSite site;

  JobWatch(UnicoreSite site) {
    this.site = site;
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
    Job job = read(url, error, purpose);
    if (job.status() == JobStatus.FAILED) {
      throw new ClusterException(error, obituary(url, job, purpose));
    }
    return job.status() == JobStatus.SUCCESSFUL;
  }

  /** Whether a job is not over, in whichever way. */
  boolean isAlive(URI url) {
    try {
      return !site.job(url).status().isFinished();
    } catch (JobNotFoundException e) {
      return false;
    }
  }

  private Job read(URI url, ClusterError error, String purpose) {
    try {
      return site.job(url);
    } catch (JobNotFoundException e) {
      throw new ClusterException(
          error, "the %s job %s is gone from site '%s'".formatted(purpose, url, site.name()), e);
    }
  }

  private String obituary(URI url, Job job, String purpose) {
    StringBuilder text =
        new StringBuilder("the %s job %s ended as %s".formatted(purpose, url, job.status()));
    if (job.exitCode() != null) {
      text.append(" with exit code ").append(job.exitCode());
    }
    if (job.statusMessage() != null && !job.statusMessage().isBlank()) {
      text.append(": ").append(job.statusMessage().strip());
    }
    String stderr = stderrOf(job);
    if (!stderr.isBlank()) {
      text.append("\nThe end of its stderr:\n").append(stderr.strip());
    } else if (job.status() == JobStatus.SUCCESSFUL) {
      text.append(" without a word on stderr");
    }
    return text.toString();
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

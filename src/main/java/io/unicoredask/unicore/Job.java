package io.unicoredask.unicore;

import java.net.URI;
import java.time.Instant;
import java.util.List;

/**
 * A job as the site sees it. The status lags behind the batch system by 10 to 60 seconds; what the
 * job does, a file it wrote or a port it opened, is visible at once.
 *
 * @param status where the job is
 * @param statusMessage why it failed; empty otherwise
 * @param exitCode the exit code of the job's application; null while unknown
 * @param batchSystemId the job's id in the batch system; null while unknown
 * @param jobType {@code BATCH}, {@code ON_LOGIN_NODE}, {@code ALLOCATE} …; null while unknown
 * @param queue the queue; null while unknown
 * @param submitted when it came to the site; null while unknown
 * @param tags the job's tags
 * @param workingDirectory the URL of the storage that is the job's directory, relative to the
 *     site's base URL; null if it has none yet
 * @param forwarding the URL that forwards a port to the job, relative to the site's base URL; null
 *     if the site offers none
 */
public record Job(
    JobStatus status,
    String statusMessage,
    Integer exitCode,
    String batchSystemId,
    String jobType,
    String queue,
    Instant submitted,
    List<String> tags,
    URI workingDirectory,
    URI forwarding) {

  /** The same job in another state. */
  public Job in(JobStatus other) {
    return new Job(
        other,
        statusMessage,
        exitCode,
        batchSystemId,
        jobType,
        queue,
        submitted,
        tags,
        workingDirectory,
        forwarding);
  }

  /**
   * Whether this is an allocation that takes jobs: it runs, and the batch system has named it. The
   * process that asks for it shows as {@code INTERACTIVE_…} before that.
   */
  public boolean isUsableAllocation() {
    return status == JobStatus.RUNNING
        && batchSystemId != null
        && !batchSystemId.startsWith("INTERACTIVE_");
  }
}

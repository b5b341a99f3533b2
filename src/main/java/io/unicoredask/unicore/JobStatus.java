package io.unicoredask.unicore;

/** Where a job is, in UNICORE's words. */
public enum JobStatus {
  /** Taken, not yet looked at. */
  READY,
  /** Its input files are being brought in. */
  STAGINGIN,
  /** In the batch system's queue, or started there and not yet noticed. */
  QUEUED,
  /** Running. */
  RUNNING,
  /** Its output files are being brought out. */
  STAGINGOUT,
  /** Ended, with exit code 0. */
  SUCCESSFUL,
  /** Ended otherwise: refused, failed or aborted. */
  FAILED,
  /** A word this project does not know. */
  UNKNOWN;

  /** Whether the job is over. */
  public boolean isFinished() {
    return this == SUCCESSFUL || this == FAILED;
  }
}

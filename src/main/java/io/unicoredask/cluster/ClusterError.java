package io.unicoredask.cluster;

/**
 * The ways in which a cluster can fail for good. The name is the code of the BPMN error that a
 * process model catches.
 */
public enum ClusterError {
  /** A variable has a value that is not allowed. Nothing was submitted. */
  DASK_INVALID_REQUEST,
  /** The site did not take a job for what its description says. */
  DASK_JOB_REFUSED,
  /** The allocation failed, or is over before the cluster is. */
  DASK_ALLOCATION_FAILED,
  /** The scheduler's job failed or ended before the cluster was ready. */
  DASK_SCHEDULER_FAILED,
  /** The scheduler is gone from a cluster that was ready. */
  DASK_SCHEDULER_LOST,
  /** A worker job failed or ended before its workers connected. */
  DASK_WORKER_FAILED,
  /** The local port is taken. */
  DASK_PORT_IN_USE,
  /** The allocation or the scheduler's job waited in the queue for longer than allowed. */
  DASK_QUEUE_TIMEOUT,
  /** The scheduler's job runs, but the scheduler did not come up in time. */
  DASK_START_TIMEOUT,
  /** The scheduler is up, but no forwarded connection reached it in time. */
  DASK_CONNECT_TIMEOUT,
  /** Fewer workers than asked for connected in time. */
  DASK_WORKERS_TIMEOUT,
  /** A script ended with another exit code than 0, was aborted, or did not write its results. */
  DASK_SCRIPT_FAILED,
  /** The process that works inside the cluster was deleted before it ended. */
  DASK_WORK_DELETED
}

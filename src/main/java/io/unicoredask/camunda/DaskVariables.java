package io.unicoredask.camunda;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The process variables that the activities write, and those that {@code dask-cluster.bpmn} itself
 * reads. What the activities read are the components of {@link
 * io.unicoredask.cluster.request.ClusterRequest}; a script's variables are {@link ScriptVariables}.
 */
public final class DaskVariables {

  /**
   * String: {@code PENDING}, {@code RUNNING}, {@code STOPPING}, {@code STOPPED}, {@code FAILED}.
   */
  public static final String CLUSTER_STATUS = "clusterStatus";

  /**
   * String: the size asked for last, {@code 4 workers}, {@code 2 jobs} or {@code 0 to 10 workers}.
   */
  public static final String CLUSTER_SIZE = "clusterSize";

  /** String: what is being waited for; absent when nothing is. */
  public static final String CLUSTER_PROGRESS = "clusterProgress";

  /** String: the address for Dask clients, {@code tcp://127.0.0.1:4322} for instance. */
  public static final String SCHEDULER_ADDRESS = "schedulerAddress";

  /** String: the URL of the dashboard on this machine, if one was asked for. */
  public static final String DASHBOARD_URL = "dashboardUrl";

  /** String: the URL of the allocation at the site, if there is one. */
  public static final String ALLOCATION_URL = "allocationUrl";

  /** String: the URL of the scheduler's job at the site. */
  public static final String SCHEDULER_JOB_URL = "schedulerJobUrl";

  /** Json: the URLs of the worker jobs at the site, a list, oldest first. */
  public static final String WORKER_JOB_URLS = "workerJobUrls";

  /** Integer: how many workers the scheduler had when it was last asked, every few seconds. */
  public static final String CONNECTED_WORKERS = "connectedWorkers";

  /** String: what the user should know though it is no failure; absent when there is nothing. */
  public static final String CLUSTER_WARNING = "clusterWarning";

  /** File: the end of what each of the cluster's jobs had written when that was asked for last. */
  public static final String CLUSTER_LOGS = "clusterLogs";

  /** Boolean: whether each step is logged and the submitted job descriptions are kept. */
  static final String DEBUG = "debug";

  /**
   * Json: the description of the allocation that would be made, after a dry run, or that was made,
   * if {@code debug} is true.
   */
  public static final String ALLOCATION_DESCRIPTION = "allocationDescription";

  /** Json: the same of the scheduler's job. */
  public static final String SCHEDULER_JOB_DESCRIPTION = "schedulerJobDescription";

  /** Json: the same of the first worker job after a dry run, and of the last one submitted. */
  public static final String WORKER_JOB_DESCRIPTION = "workerJobDescription";

  /** String: the code of the BPMN error that ended the cluster. */
  public static final String ERROR_CODE = "errorCode";

  /** String: what went wrong, and what can be done about it. */
  public static final String ERROR_MESSAGE = "errorMessage";

  /**
   * String: the code of the BPMN error that kept a ready cluster from being scaled; absent when it
   * was scaled since.
   */
  public static final String SCALE_ERROR_CODE = "scaleErrorCode";

  /** String: what went wrong with it. */
  public static final String SCALE_ERROR_MESSAGE = "scaleErrorMessage";

  /** String: how the local ports lead to the scheduler, {@code relay} or {@code direct}. */
  public static final String TUNNEL_IN_USE = "tunnelInUse";

  /**
   * Json: how far each worker job is, {@code QUEUED}, {@code RUNNING}, {@code CONNECTED}, {@code
   * RETIRING} or {@code LOST}, by its name.
   */
  public static final String WORKER_JOB_STATUS = "workerJobStatus";

  /**
   * Json: by its name, each worker job's {@code state}, the {@code reason} for it, {@code start},
   * {@code end} and how many {@code workers} are connected; times as in {@link #EXPECTED_START}.
   */
  public static final String WORKER_JOBS = "workerJobs";

  /**
   * String: when the job that is waited for is expected to start, in ISO 8601 with an offset;
   * absent if the batch system does not say.
   */
  public static final String EXPECTED_START = "expectedStart";

  /** String: when the time of the scheduler's job is over, and the cluster with it; likewise. */
  public static final String SCHEDULER_ENDS_AT = "schedulerEndsAt";

  /**
   * String: what led to the cluster's teardown: {@code teardown} (a message), {@code lifetime} (a
   * timer), {@code scheduler} (it ended by itself), {@code error}, {@code work} (none of these:
   * what was to be done is done), or {@code deletion} of its process instance, in that and in the
   * instance of {@code dask-teardown}.
   */
  public static final String ENDED_BY = "endedBy";

  /** String: the key of the process that is called when the cluster is ready. */
  public static final String WORK = "work";

  /** All of them: the cluster's own, which a copy elsewhere must never overwrite. */
  static final Set<String> NAMES =
      Arrays.stream(DaskVariables.class.getDeclaredFields())
          .filter(field -> field.getType() == String.class)
          .map(DaskVariables::valueOf)
          .collect(Collectors.toUnmodifiableSet());

  private DaskVariables() {}

  private static String valueOf(Field constant) {
    try {
      return (String) constant.get(null);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}

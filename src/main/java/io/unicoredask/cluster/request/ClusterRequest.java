package io.unicoredask.cluster.request;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.site.Sites;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What is asked of a cluster. The names are those of the process variables, and, as far as it has
 * the same, of the parameters of PyUNICORE's {@code UNICORECluster}.
 *
 * @param site the site's name in the configuration
 * @param size how many workers or worker jobs
 * @param adapt the bounds within which it follows its work instead; null if it does not
 * @param queue the batch queue; null for the site's default
 * @param project the accounting project; null for the site's default
 * @param threads threads per worker; null leaves it to Dask
 * @param processes workers per job, 1 or more
 * @param schedulerJob the job description that the scheduler's is made from; may be empty
 * @param workerJob the job description that the workers' are made from; may be empty
 * @param newAllocation the job description of an allocation to be made for the cluster; null if
 *     none is wanted
 * @param allocation the URL of somebody's running allocation to be used; null if none is
 * @param localPort the local port for Dask clients; 0 for any free one
 * @param connectDashboard whether a local port is to lead to the dashboard
 * @param localDashboardPort that port; 0 for any free one
 * @param waitForStartup whether scaling is done when the workers have connected, or as soon as
 *     their jobs are submitted
 * @param minWorkers how many connected workers are enough when the time for them is over; null for
 *     all
 * @param maxReplacements how many lost worker jobs are replaced in the cluster's life, and how
 *     often it is started anew at the most, 0 or more
 * @param dryRun whether to say only what would be submitted
 * @param debug whether each step is logged and the submitted job descriptions are kept
 * @param queueWorkers when the first worker jobs are queued
 * @param onSchedulerLost what becomes of the cluster when its scheduler is lost
 * @param idleTimeout how long the scheduler may have nothing to do until it ends itself; null for
 *     ever
 * @param tunnel how local ports are to lead to the scheduler
 * @param clocks the time limits, each of them set
 */
public record ClusterRequest(
    String site,
    ClusterSize size,
    AdaptiveBounds adapt,
    String queue,
    String project,
    Integer threads,
    int processes,
    ObjectNode schedulerJob,
    ObjectNode workerJob,
    ObjectNode newAllocation,
    URI allocation,
    int localPort,
    boolean connectDashboard,
    int localDashboardPort,
    boolean waitForStartup,
    Integer minWorkers,
    int maxReplacements,
    boolean dryRun,
    boolean debug,
    QueueWorkers queueWorkers,
    OnSchedulerLost onSchedulerLost,
    Duration idleTimeout,
    TunnelKind tunnel,
    Map<TimeLimit, Duration> clocks) {

  /** The names of the variables that make up a request. */
  public static final List<String> VARIABLES =
      List.of(
          "site",
          "workers",
          "jobs",
          "adapt",
          "queue",
          "project",
          "threads",
          "processes",
          "schedulerJob",
          "workerJob",
          "allocation",
          "localPort",
          "connectDashboard",
          "localDashboardPort",
          "waitForStartup",
          "minWorkers",
          "maxReplacements",
          "dryRun",
          "debug",
          "queueWorkers",
          "onSchedulerLost",
          "idleTimeout",
          "tunnel",
          TimeLimit.QUEUE.variable(),
          TimeLimit.START.variable(),
          TimeLimit.CONNECTION.variable(),
          TimeLimit.WORKERS.variable(),
          TimeLimit.LIFETIME.variable());

  /**
   * Sees to it that no variable is meant to be one of a request and passed over: one that differs
   * from it in case and underscores only, or has the name that it has in {@code UNICORECluster}.
   *
   * @param names the names of all variables there are
   * @throws ClusterException with {@link ClusterError#DASK_INVALID_REQUEST} if there is one; the
   *     message says the right name of each
   */
  public static void refuseNearMisses(Collection<String> names) {
    NearMisses.refuse(names, Stream.concat(VARIABLES.stream(), Stream.of("work")).toList());
  }

  /**
   * Reads a request from variables.
   *
   * @param variables values by variable name: numbers, truth values and texts; JSON as text or as
   *     maps and lists. Others than {@link #VARIABLES} are passed over.
   * @param lastSize the size that was asked for before; null at first. It stands when none is
   *     given, and tells an old value of {@code workers}, {@code jobs} or {@code adapt} from a new
   *     one when both are there.
   * @param sites the sites there are
   * @throws ClusterException with {@link ClusterError#DASK_INVALID_REQUEST} if a value is not
   *     allowed; the message names every such variable, its value and what is allowed
   */
  public static ClusterRequest of(Map<String, ?> variables, ClusterSize lastSize, Sites sites) {
    return new RequestReader(new GivenVariables(variables), sites).read(lastSize);
  }
}

package io.unicoredask.cluster.request;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.site.Sites;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
 * @param workerLostAfter how long the workers of a job that goes on may be gone until it is ended
 * @param renewWorkers whether worker jobs are replaced before their time is over; not in a request
 *     that was read by a version that did not know it
 * @param dryRun whether to say only what would be submitted
 * @param debug whether each step is logged and the submitted job descriptions are kept
 * @param queueWorkers when the first worker jobs are queued
 * @param onSchedulerLost what becomes of the cluster when its scheduler is lost
 * @param idleTimeout how long the scheduler may have nothing to do until it ends itself; null for
 *     ever
 * @param tunnel how local ports are to lead to the scheduler
 * @param security how scheduler, workers and clients know each other
 * @param clocks the time limits, each of them set
 * @param work the key of the process that is called when the cluster is ready; null for none
 * @param defaults what the site's configuration said of jobs when the request was read
 * @param given the values of the variables as they were given, by name; what tells a message that
 *     repeats one from a message that changes it
 * @param others what a later version put down in JSON and this one does not know
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
    Duration workerLostAfter,
    boolean renewWorkers,
    boolean dryRun,
    boolean debug,
    QueueWorkers queueWorkers,
    OnSchedulerLost onSchedulerLost,
    Duration idleTimeout,
    TunnelKind tunnel,
    Security security,
    Map<TimeLimit, Duration> clocks,
    String work,
    JobDefaults defaults,
    Map<String, JsonNode> given,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> others) {

  /** Nothing that is kept can be changed, and its JSON is always in the same order. */
  public ClusterRequest {
    workerLostAfter =
        workerLostAfter == null ? ClusterVariable.DEFAULT_WORKER_LOST_AFTER : workerLostAfter;
    security = security == null ? Security.NONE : security;
    clocks = Collections.unmodifiableMap(new TreeMap<>(clocks));
    given = Collections.unmodifiableMap(new TreeMap<>(given));
    others = Collections.unmodifiableMap(new TreeMap<>(others == null ? Map.of() : others));
  }

  /** The names of the variables that make up a request. */
  public static final List<String> VARIABLES = ClusterVariable.names();

  /**
   * Reads a request from the variables that a start brings.
   *
   * @param variables values by variable name: numbers, truth values and texts; JSON as text or as
   *     maps and lists. Those of other names than {@link #VARIABLES} are passed over, unless their
   *     names are {@linkplain ReservedNames reserved}, or meant to be one of these.
   * @param sites the sites there are
   * @throws ClusterException with {@link ClusterError#DASK_INVALID_REQUEST} if a value or a name is
   *     not allowed; the message names every such variable, its value and what is allowed
   */
  public static ClusterRequest of(Map<String, ?> variables, Sites sites) {
    return read(variables, sites).required();
  }

  /** The same, for who has more to say of what is wrong. */
  public static Reading<ClusterRequest> read(Map<String, ?> variables, Sites sites) {
    return new RequestReader(variables, sites, null).read();
  }

  /**
   * The request that it becomes by a message. What the message repeats, leaves blank or does not
   * bring stays as it was read, even if the site's template, limit or default is another by now.
   *
   * @param variables values by variable name, as for {@link #of}; those that were given before may
   *     be among them
   * @param sites the sites there are
   * @throws ClusterException with {@link ClusterError#DASK_INVALID_REQUEST} if a new value or a
   *     name is not allowed, or a variable is changed that no message may change
   * @throws IllegalStateException if a size, a lifetime or a template is asked for and the site is
   *     not configured any more
   */
  public ClusterRequest changedBy(Map<String, ?> variables, Sites sites) {
    return readChange(variables, sites).required();
  }

  /** The same, for who has more to say of what is wrong. */
  public Reading<ClusterRequest> readChange(Map<String, ?> variables, Sites sites) {
    return new RequestReader(RawValues.changes(this, variables), sites, this).read();
  }

  /** Whether anybody has said how large the cluster is to be. */
  public boolean hasSize() {
    return Stream.of(ClusterVariable.WORKERS, ClusterVariable.JOBS, ClusterVariable.ADAPT)
        .anyMatch(variable -> given.containsKey(variable.variableName()));
  }

  /** All time limits together, one after the other as they are. */
  public Duration longest() {
    return clocks.values().stream().reduce(Duration.ZERO, Duration::plus);
  }

  /** Whether scheduler, workers and clients are to have certificates. */
  public boolean hasTls() {
    return security == Security.TLS;
  }

  /** All of it as JSON, for {@link #fromJson}. It holds no secret of ours. */
  public String toJson() {
    return RequestJson.write(this);
  }

  /**
   * Reads what {@link #toJson()} wrote. Fields of a later version are kept for it.
   *
   * @throws IllegalArgumentException if it is no such JSON
   */
  public static ClusterRequest fromJson(String json) {
    return RequestJson.read(json, ClusterRequest.class);
  }
}

package io.unicoredask.cluster;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cluster as far as it has come: everything that has to outlive this process, and no secret.
 *
 * @param id unique to the cluster among all that use the site with our account
 * @param site the site's name in the configuration
 * @param allocation the allocation that its jobs run in; null if they are queued one by one
 * @param ownsAllocation whether the allocation was made for this cluster and ends with it
 * @param scheduler the scheduler's job; null until it is submitted
 * @param workers the worker jobs, oldest first
 * @param nextWorker the number of the next worker job
 * @param connectedWorkers how many of its workers the scheduler had when it was last asked; null
 *     until it was
 * @param localPort the local port that leads to the scheduler; null until it is open
 * @param localDashboardPort the local port that leads to the dashboard; null until it is open, or
 *     if none is wanted
 * @param warnings what its user should know though it is no failure, each once
 */
@RecordBuilder
public record Cluster(
    String id,
    String site,
    URI allocation,
    boolean ownsAllocation,
    SchedulerJob scheduler,
    List<WorkerJob> workers,
    int nextWorker,
    Integer connectedWorkers,
    Integer localPort,
    Integer localDashboardPort,
    List<String> warnings)
    implements ClusterBuilder.With {

  private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

  /** Takes copies of the lists. */
  public Cluster {
    workers = List.copyOf(workers);
    warnings = warnings == null ? List.of() : List.copyOf(warnings);
  }

  /** A cluster of which nothing exists yet. */
  public static Cluster planned(String id, String site) {
    return new Cluster(id, site, null, false, null, List.of(), 1, null, null, null, List.of());
  }

  /** The cluster with one more warning, logged when it is new. */
  Cluster warnedOf(String warning) {
    if (warnings.contains(warning)) {
      return this;
    }
    LOG.warn("Cluster {}: {}", id, warning);
    return withWarnings(Stream.concat(warnings.stream(), Stream.of(warning)).toList());
  }

  /** How many workers its jobs run when all of them have come up. */
  @JsonIgnore
  public int plannedWorkers() {
    return workers.stream().mapToInt(WorkerJob::processes).sum();
  }

  /** The address for a Dask client on this machine; null until the port is open. */
  @JsonIgnore
  public String localAddress() {
    return localPort == null ? null : scheduler.protocol() + "://127.0.0.1:" + localPort;
  }
}

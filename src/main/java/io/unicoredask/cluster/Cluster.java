package io.unicoredask.cluster;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.soabase.recordbuilder.core.RecordBuilder;
import io.unicoredask.cluster.request.TunnelKind;
import io.unicoredask.dask.SchedulerWorker;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cluster as far as it has come: everything that has to outlive this process, and no secret.
 *
 * @param id unique to the cluster among all that use the site with our account: the engine's part,
 *     a hyphen, and one that is unique in the engine
 * @param site the site's name in the configuration
 * @param allocation the allocation that its jobs run in; null if they are queued one by one
 * @param ownsAllocation whether the allocation was made for this cluster and ends with it
 * @param scheduler the scheduler's job; null until it is submitted
 * @param workers the worker jobs, oldest first
 * @param nextWorker the number of the next worker job
 * @param target what it is being scaled to; null when as many jobs are there
 * @param surplus how many of them are to be chosen and ended
 * @param replacements how many worker jobs were lost and replaced so far
 * @param replacing whether lost worker jobs are about to be replaced
 * @param adaptation what it is adapted to; null if it does not follow its work
 * @param restarts how often it was started anew since its scheduler was lost
 * @param connectedWorkers how many of its workers the scheduler had when it was last asked; null
 *     until it was
 * @param tunnel how its local ports lead to the scheduler; {@code AUTO} while it is seen whether
 *     there is a relay; null until its job is submitted
 * @param relayAwaitedSince since when its relay cannot be used, in milliseconds of the epoch; null
 *     when it can, or none is wanted
 * @param localPort the local port that leads to the scheduler; null until it is open
 * @param localDashboardPort the local port that leads to the dashboard; null until it is open, or
 *     if none is wanted
 * @param readySince since when it has been ready, in milliseconds of the epoch; null until it is
 * @param allOver whether all its jobs were over when its teardown looked last
 * @param warnings what its user should know though it is no failure, each once
 * @param work the execution of the engine that calls the cluster's work; null if there is none
 * @param script the script that is run in it; null but in the activity that runs one, which has a
 *     copy of the cluster for itself
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
    ScaleTarget target,
    int surplus,
    int replacements,
    boolean replacing,
    Adaptation adaptation,
    int restarts,
    Integer connectedWorkers,
    TunnelKind tunnel,
    Long relayAwaitedSince,
    Integer localPort,
    Integer localDashboardPort,
    Long readySince,
    boolean allOver,
    List<String> warnings,
    String work,
    ScriptJob script)
    implements ClusterBuilder.With {

  private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

  /** Takes copies of the lists. */
  public Cluster {
    workers = List.copyOf(workers);
    warnings = warnings == null ? List.of() : List.copyOf(warnings);
  }

  /** A cluster of which nothing exists yet. */
  public static Cluster planned(String id, String site) {
    return ClusterBuilder.builder()
        .id(id)
        .site(site)
        .workers(List.of())
        .nextWorker(1)
        .warnings(List.of())
        .build();
  }

  /** Whether this is a worker of one of its jobs. */
  boolean runs(SchedulerWorker worker) {
    return workers.stream().anyMatch(job -> job.runs(worker.name()));
  }

  /** The worker jobs that are to go on. */
  @JsonIgnore
  public List<WorkerJob> stayingWorkers() {
    return workers.stream().filter(worker -> !worker.isRetiring()).toList();
  }

  /** The cluster without the worker jobs that are over, though nobody ended them. */
  Cluster withoutLostWorkers() {
    List<WorkerJob> lost = lostWorkers();
    return with()
        .workers(workers.stream().filter(worker -> !lost.contains(worker)).toList())
        .replacements(replacements + lost.size())
        .replacing(false)
        .build();
  }

  /** The worker jobs that are over, though nobody ended them. */
  @JsonIgnore
  public List<WorkerJob> lostWorkers() {
    return workers.stream().filter(worker -> worker.status() == WorkerJob.Status.LOST).toList();
  }

  /** What its scheduler's job is submitted for; another after each restart. */
  String schedulerPurpose() {
    return restarts == 0 ? "scheduler" : "scheduler-" + (restarts + 1);
  }

  /** The part of the id that all clusters of one engine share. */
  String installation() {
    return id.substring(0, id.indexOf('-'));
  }

  /** All its jobs, as far as they are on record. */
  public Stream<URI> jobs() {
    return Stream.concat(
            Stream.of(
                allocation,
                scheduler == null ? null : scheduler.job(),
                script == null ? null : script.job()),
            workers.stream().map(WorkerJob::job))
        .filter(Objects::nonNull);
  }

  /** Whether a job that was submitted for this purpose is none of its jobs, and will be none. */
  boolean disowns(String purpose, URI job) {
    if (purpose.startsWith("scheduler")) {
      return !purpose.equals(schedulerPurpose())
          || scheduler != null && !scheduler.job().equals(job);
    }
    if (purpose.equals("allocation")) {
      return allocation != null && !allocation.equals(job);
    }
    return WorkerJob.number(purpose).orElse(nextWorker) < nextWorker
        && workers.stream().noneMatch(worker -> worker.job().equals(job));
  }

  /** The cluster with one more warning, logged when it is new. */
  public Cluster warnedOf(String warning) {
    if (warnings.contains(warning)) {
      return this;
    }
    LOG.warn("Cluster {}: {}", id, warning);
    return withWarnings(Stream.concat(warnings.stream(), Stream.of(warning)).toList());
  }

  /** The cluster, which is to be adapted and has been, or cannot be now. */
  public Cluster withoutScaling() {
    return withAdaptation(adaptation.withScaling(false));
  }

  /** Whether a client, and we, can reach its scheduler through its local ports. */
  boolean isReachable() {
    return localPort != null
        && scheduler != null
        && scheduler.isListening()
        && tunnel != TunnelKind.AUTO;
  }

  /** Whether it is about to be scaled since its work wants another number of workers. */
  @JsonIgnore
  public boolean isToAdapt() {
    return adaptation != null && adaptation.scaling();
  }

  /** How many workers its jobs run when all of them have come up. */
  @JsonIgnore
  public int plannedWorkers() {
    return workers.stream().mapToInt(WorkerJob::processes).sum();
  }

  /** How many workers the jobs run that are to go on. */
  int lastingWorkers() {
    return stayingWorkers().stream().mapToInt(WorkerJob::processes).sum();
  }

  /** The address for a Dask client on this machine; null until the port is open. */
  @JsonIgnore
  public String localAddress() {
    return localPort == null ? null : scheduler.protocol() + "://127.0.0.1:" + localPort;
  }
}

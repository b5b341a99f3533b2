package io.unicoredask.cluster.keeper;

import io.soabase.recordbuilder.core.RecordBuilder;
import io.unicoredask.cluster.keeper.WorkerJob.Status;
import io.unicoredask.cluster.request.TunnelKind;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.cluster.site.Sites;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A cluster as far as it has come: everything that has to outlive this process, and no secret. Only
 * its {@link ClusterKeeper} writes it. URLs are relative to the site's base URL.
 *
 * @param id unique to the cluster among all that use the site with our account: the engine's part,
 *     a hyphen, and one that is unique in the engine
 * @param site the site's name in the configuration
 * @param owner the engine's user who started it; null if that is not known
 * @param identity whose account at the site it has
 * @param allocation the allocation that its jobs run in; null if they are queued one by one
 * @param scheduler the scheduler's job; null until it is wanted
 * @param workers the worker jobs, oldest first
 * @param nextWorker the number of the next worker job
 * @param growth whether worker jobs are submitted until there are as many as are wanted
 * @param firstNew the number of the first job that was submitted since a size was asked for last
 * @param replacements how many worker jobs were lost and replaced so far
 * @param adaptedTo how many workers a cluster that follows its work was adapted to last; null until
 *     it was
 * @param restarts how often it was started anew since its scheduler was lost
 * @param connectedWorkers how many of its workers the scheduler had when it was last asked; null
 *     until it was
 * @param tunnel how its local ports lead to the scheduler; {@code AUTO} while it is seen whether
 *     there is a relay; null until its job is wanted
 * @param localPort the local port that leads to the scheduler; null until one is wanted
 * @param localDashboardPort the local port that leads to the dashboard; null if none is wanted
 * @param dashboard the dashboard's scheme and path; null until it was reached
 * @param reached whether the scheduler has spoken through its local port
 * @param readySince since when it has been ready, in milliseconds of the epoch; null until it is,
 *     and until it is again
 * @param readyFor how long it was ready until its scheduler was lost and it was started anew, in
 *     milliseconds; what came between does not count
 * @param warnings what its user should know though it is no failure, each once
 */
@RecordBuilder
public record Cluster(
    String id,
    String site,
    String owner,
    ClusterIdentity identity,
    AllocationJob allocation,
    SchedulerJob scheduler,
    List<WorkerJob> workers,
    int nextWorker,
    Growth growth,
    int firstNew,
    int replacements,
    Integer adaptedTo,
    int restarts,
    Integer connectedWorkers,
    TunnelKind tunnel,
    Integer localPort,
    Integer localDashboardPort,
    URI dashboard,
    boolean reached,
    Long readySince,
    long readyFor,
    List<String> warnings)
    implements ClusterBuilder.With {

  /** Whether worker jobs are submitted until there are as many as are wanted. */
  public enum Growth {
    /** Not yet: there is no scheduler that they could find. */
    NOT_YET,
    /** Now. */
    ON,
    /** No more, since jobs failed or were refused, until another size is wanted. */
    STOPPED
  }

  /** Takes copies of the lists. */
  public Cluster {
    workers = List.copyOf(workers);
    warnings = List.copyOf(warnings);
  }

  /** A cluster of which nothing exists yet, with the site's own account. */
  public static Cluster planned(String id, String site) {
    return planned(id, site, null, ClusterIdentity.SHARED);
  }

  /** A cluster of which nothing exists yet. */
  public static Cluster planned(String id, String site, String owner, ClusterIdentity identity) {
    return ClusterBuilder.builder()
        .id(id)
        .site(site)
        .owner(owner)
        .identity(identity)
        .workers(List.of())
        .nextWorker(1)
        .growth(Growth.NOT_YET)
        .firstNew(1)
        .warnings(List.of())
        .build();
  }

  /** The user whose account at the site it has; null if it is the site's own. */
  public String actsAs() {
    return identity == ClusterIdentity.INITIATOR ? owner : null;
  }

  /**
   * Its site, as it sees it.
   *
   * @throws IllegalStateException if that is not configured (any more)
   */
  Site at(Sites sites) {
    return sites.get(site).as(actsAs());
  }

  /** The worker jobs that are to go on. */
  List<WorkerJob> stayingWorkers() {
    return workers.stream().filter(WorkerJob::isStaying).toList();
  }

  List<WorkerJob> workersThatAre(Status status) {
    return workers.stream().filter(worker -> worker.status() == status).toList();
  }

  Cluster withoutWorkersThatAre(Status status) {
    return withWorkers(workers.stream().filter(worker -> worker.status() != status).toList());
  }

  Cluster withEachWorker(UnaryOperator<WorkerJob> change) {
    return withWorkers(workers.stream().map(change).toList());
  }

  /** How many workers its jobs run when all of them have come up. */
  int plannedWorkers() {
    return workers.stream().mapToInt(WorkerJob::processes).sum();
  }

  /** How many workers the jobs run that are to go on. */
  int lastingWorkers() {
    return stayingWorkers().stream().mapToInt(WorkerJob::processes).sum();
  }

  /** When the time of its scheduler's job is over; null if that is not known. */
  Instant schedulerEnd() {
    if (allocation != null) {
      return allocation.times().end();
    }
    return scheduler == null ? null : scheduler.times().end();
  }

  /** What its scheduler's job is submitted for; another after each restart. */
  String schedulerPurpose() {
    return restarts == 0 ? SchedulerJob.PURPOSE : SchedulerJob.PURPOSE + "-" + (restarts + 1);
  }

  /** The part of the id that all clusters of one engine share. */
  String installation() {
    return id.substring(0, id.indexOf('-'));
  }

  /** All its jobs at the site, as far as they are known. */
  public Stream<URI> jobs() {
    return Stream.concat(
            Stream.of(
                allocation == null ? null : allocation.job(),
                scheduler == null ? null : scheduler.job()),
            workers.stream().map(WorkerJob::job))
        .filter(Objects::nonNull);
  }

  /** What jobs are wanted for that were not before. */
  Stream<String> newlyWantedSince(Cluster before) {
    Stream<String> wantedAllocation =
        before.allocation() == null && allocation != null
            ? Stream.of(AllocationJob.PURPOSE)
            : Stream.empty();
    Stream<String> wantedScheduler =
        before.scheduler() == null && scheduler != null
            ? Stream.of(schedulerPurpose())
            : Stream.empty();
    Stream<String> wantedWorkers =
        workers.stream()
            .filter(worker -> worker.number() >= before.nextWorker())
            .map(WorkerJob::name);
    return Stream.of(wantedAllocation, wantedScheduler, wantedWorkers).flatMap(all -> all);
  }

  /** Whether a job that was submitted for this purpose is none of its jobs, and will be none. */
  public boolean disowns(String purpose, URI job) {
    if (purpose.startsWith(SchedulerJob.PURPOSE)) {
      return !purpose.equals(schedulerPurpose())
          || scheduler != null && scheduler.job() != null && !scheduler.job().equals(job);
    }
    if (purpose.equals(AllocationJob.PURPOSE)) {
      return allocation != null && allocation.job() != null && !allocation.job().equals(job);
    }
    return WorkerJob.number(purpose).orElse(nextWorker) < nextWorker
        && workers.stream()
            .noneMatch(
                worker ->
                    job.equals(worker.job())
                        || worker.job() == null && worker.name().equals(purpose));
  }

  /** The cluster with one more warning, logged when it is new. */
  Cluster warnedOf(String warning) {
    if (warnings.contains(warning)) {
      return this;
    }
    return withWarnings(Stream.concat(warnings.stream(), Stream.of(warning)).toList());
  }

  /** The cluster without a warning that is true no more. */
  Cluster notWarnedOf(String warning) {
    return warnings.contains(warning)
        ? withWarnings(warnings.stream().filter(other -> !other.equals(warning)).toList())
        : this;
  }

  /** Whether a client, and we, can reach its scheduler through its local ports. */
  boolean isReachable() {
    return localPort != null
        && reached
        && scheduler != null
        && scheduler.isListening()
        && tunnel != TunnelKind.AUTO;
  }
}

package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.site.Site;
import io.unicoredask.dask.InvalidSchedulerFileException;
import io.unicoredask.dask.SchedulerFile;
import io.unicoredask.dask.SchedulerHttpException;
import io.unicoredask.dask.SchedulerWorker;
import io.unicoredask.unicore.Job;
import io.unicoredask.unicore.JobStatus;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks at a cluster, as far as something waits for it: at the scheduler first, and at the site
 * only for what the scheduler cannot say. Decides nothing. Used by one thread at a time.
 *
 * <p>Its methods throw {@link io.unicoredask.unicore.UnicoreException} where the site could not be
 * asked; then nothing is known.
 */
class Observer {

  /** For how long a queued job's status and its file are both asked for at each look. */
  private static final Duration CLOSELY = Duration.ofMinutes(2);

  private final Site site;
  private final UnicoreSite unicore;
  private final JobReader jobs;
  private final ClusterTunnels tunnels;
  private final PortProbe ports;
  private final WorkerJobLooks workerJobs;
  private final Hints hints;
  private boolean fileNext;

  /**
   * @param hints what is to be looked at first; each look takes it
   */
  Observer(Site site, ClusterTunnels tunnels, Hints hints) {
    this.site = site;
    this.unicore = site.unicore();
    this.jobs = new JobReader(unicore);
    this.tunnels = tunnels;
    this.ports = new PortProbe(tunnels, site);
    this.workerJobs = new WorkerJobLooks(jobs);
    this.hints = hints;
  }

  Observation look(Cluster cluster, Demand demand, Instant now) {
    Set<URI> first = hints.take();
    Observation seen = Observation.at(now);
    jobs.askedFor(demand.request());
    if (demand.isWaiting(Phase.TEAR_DOWN) || demand.isWaiting(Phase.RESTART)) {
      return seen;
    }
    if (demand.isWaiting(Phase.ALLOCATE)) {
      seen = allocation(seen, cluster);
    }
    if (demand.isWaiting(Phase.START_SCHEDULER)) {
      seen = start(seen, cluster, isNew(demand, now) || isFirst(first, cluster.scheduler()));
    }
    if (demand.isWaiting(Phase.AWAIT_SCHEDULER)
        && OrderRules.hasSchedulersDirectory(cluster)
        && !cluster.scheduler().isListening()) {
      seen = await(seen, cluster);
    }
    if (demand.isWaiting(Phase.FORWARD_PORTS)) {
      seen = forward(seen, cluster, demand.request().hasTls());
    }
    if (cluster.isReachable()
        && (demand.isWaiting(Phase.MONITOR) || demand.isWaiting(Phase.SCALE_WORKERS))) {
      seen = workers(seen, cluster, demand, first);
    }
    return seen;
  }

  private static boolean isNew(Demand demand, Instant now) {
    return demand
        .waiting(Phase.START_SCHEDULER)
        .anyMatch(one -> one.since().plus(CLOSELY).isAfter(now));
  }

  private static boolean isFirst(Set<URI> first, SchedulerJob scheduler) {
    return scheduler != null && scheduler.job() != null && first.contains(scheduler.job());
  }

  private Observation allocation(Observation seen, Cluster cluster) {
    AllocationJob allocation = cluster.allocation();
    return allocation == null || allocation.job() == null
        ? seen
        : seen.withAllocation(
            Optional.of(jobs.lookIfOurs(allocation.job(), AllocationJob.PURPOSE, seen.at())));
  }

  /** Its end is why jobs end in it, and they may be said to run long after it. */
  private Observation endOfAllocation(Observation seen, Cluster cluster) {
    return cluster.allocation() == null || seen.allocation().isPresent()
        ? seen
        : allocation(seen, cluster);
  }

  private Observation start(Observation before, Cluster cluster, boolean closely) {
    SchedulerJob scheduler = cluster.scheduler();
    if (scheduler == null || scheduler.job() == null) {
      return before;
    }
    Observation seen = endOfAllocation(before, cluster);
    if (scheduler.directory() != null && !closely && !jobs.hasDetails(scheduler.job())) {
      fileNext = !fileNext;
      if (fileNext) {
        FileSeen file = file(scheduler);
        seen = seen.withSchedulerFile(Optional.of(file));
        if (file instanceof FileSeen.NotYet) {
          return seen;
        }
      }
    }
    JobSeen job = jobs.look(scheduler.job(), SchedulerJob.PURPOSE);
    seen = seen.withScheduler(Optional.of(job));
    if (!(job instanceof JobSeen.Alive alive)) {
      return seen;
    }
    if (scheduler.directory() == null) {
      return directory(seen, alive.job());
    }
    return isWorthAFile(alive, closely)
        ? seen.withSchedulerFile(Optional.of(file(scheduler)))
        : seen;
  }

  /** What the batch system says is true now; the status is late, so that the file is looked for. */
  private static boolean isWorthAFile(JobSeen.Alive job, boolean closely) {
    boolean runs = job.job().status() == JobStatus.RUNNING;
    return job.details().isPresent() ? runs : closely && !runs;
  }

  private Observation directory(Observation seen, Job job) {
    URI url = job.workingDirectory();
    return url == null
        ? seen
        : seen.withDirectory(Optional.of(new Observation.Directory(url, unicore.storage(url))));
  }

  private FileSeen file(SchedulerJob scheduler) {
    try {
      return unicore
          .file(scheduler.workingDirectory(), JobDescriptions.SCHEDULER_FILE)
          .flatMap(SchedulerFile::parse)
          .<FileSeen>map(FileSeen.Written::new)
          .orElse(new FileSeen.NotYet());
    } catch (InvalidSchedulerFileException e) {
      return new FileSeen.Unusable("the scheduler file cannot be used: " + e.getMessage());
    }
  }

  private Observation await(Observation seen, Cluster cluster) {
    FileSeen file = file(cluster.scheduler());
    Observation with = seen.withSchedulerFile(Optional.of(file));
    return file instanceof FileSeen.NotYet ? schedulerJob(with, cluster) : with;
  }

  private Observation schedulerJob(Observation before, Cluster cluster) {
    Observation seen = endOfAllocation(before, cluster);
    return seen.withScheduler(
        Optional.of(jobs.truth(cluster.scheduler().job(), SchedulerJob.PURPOSE)));
  }

  private Observation forward(Observation seen, Cluster cluster, boolean hasTls) {
    if (cluster.localPort() == null || !OrderRules.hasScheduler(cluster)) {
      return seen;
    }
    if (cluster.scheduler().forwarding() == null) {
      return schedulerJob(seen, cluster);
    }
    TunnelSeen tunnel = ports.probe(cluster, hasTls);
    Observation with = seen.withTunnel(Optional.of(tunnel));
    return tunnel instanceof TunnelSeen.Connected || tunnel instanceof TunnelSeen.RelayThere
        ? with
        : schedulerJob(with, cluster);
  }

  private Observation workers(Observation before, Cluster cluster, Demand demand, Set<URI> first) {
    WorkersSeen workers = ask(cluster, demand);
    Observation seen =
        before
            .withWorkers(Optional.of(workers))
            .withQuiet(workers instanceof WorkersSeen.Told told && isQuiet(cluster, told));
    if (workers instanceof WorkersSeen.Silent) {
      seen = endOfAllocation(seen, cluster);
      return seen.withScheduler(
          Optional.of(jobs.evidence(cluster.scheduler().job(), SchedulerJob.PURPOSE, before.at())));
    }
    Map<Integer, JobSeen> known =
        workerJobs.look(cluster, (WorkersSeen.Told) workers, first, before.at());
    boolean anyEnded = known.values().stream().anyMatch(JobSeen.Ended.class::isInstance);
    return (anyEnded ? endOfAllocation(seen, cluster) : seen).withWorkerJobs(new HashMap<>(known));
  }

  private boolean isQuiet(Cluster cluster, WorkersSeen.Told told) {
    return told.connected() >= cluster.plannedWorkers()
        && workerJobs.hasAllTimes(cluster)
        && tunnels.of(cluster, site).contact().tellsByItself();
  }

  private WorkersSeen ask(Cluster cluster, Demand demand) {
    try {
      return told(cluster, demand, tunnels.of(cluster, site).contact());
    } catch (SchedulerHttpException e) {
      return new WorkersSeen.Silent(
          e, tunnels.isRelayGone(cluster), tunnels.hasSaidGoodbye(cluster));
    }
  }

  private static WorkersSeen.Told told(Cluster cluster, Demand demand, SchedulerContact scheduler) {
    Set<Integer> numbers =
        cluster.workers().stream().map(WorkerJob::number).collect(Collectors.toSet());
    Optional<List<SchedulerWorker>> ours =
        scheduler
            .workers()
            .map(
                workers ->
                    workers.stream()
                        .filter(worker -> WorkerJob.isOneOf(numbers, worker.name()))
                        .toList());
    int connected = ours.map(List::size).orElseGet(() -> scheduler.workerCount());
    boolean adapts = demand.request().adapt() != null && demand.isWaiting(Phase.MONITOR);
    OptionalInt wanted = adapts ? scheduler.wanted() : OptionalInt.empty();
    boolean fewer =
        wanted.isPresent() && wanted.getAsInt() < cluster.lastingWorkers()
            || WorkerRules.wantedJobs(cluster, demand.request()) < cluster.stayingWorkers().size();
    return new WorkersSeen.Told(
        connected,
        ours,
        fewer ? scheduler.loads() : Optional.empty(),
        wanted,
        scheduler.endsAsIdle());
  }
}

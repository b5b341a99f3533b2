package io.unicoredask.cluster.keeper;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.LogContext;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.dask.SchedulerHttpException;
import io.unicoredask.dask.SchedulerWorker;
import io.unicoredask.relay.RelaySecret;
import io.unicoredask.unicore.UnicoreException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Does what was decided, and says what came of it. Used by one thread at a time. */
class Actor {

  private final Site site;
  private final ClusterTunnels tunnels;
  private final SiteThreads threads;
  private final JobEnder ender;

  /** What was put on record as wanted by this process, and nobody has tried to submit yet. */
  private final Set<String> untried = ConcurrentHashMap.newKeySet();

  Actor(Site site, ClusterTunnels tunnels, SiteThreads threads) {
    this.site = site;
    this.tunnels = tunnels;
    this.threads = threads;
    this.ender = new JobEnder(site.unicore(), threads);
  }

  /** Notes what has newly come on record as wanted. */
  void isWanted(String purpose) {
    untried.add(purpose);
  }

  /**
   * Does it all.
   *
   * @param enough asked between two submissions: whether something more important has come up
   */
  List<Result> act(
      Cluster cluster, ClusterRequest request, List<Action> actions, BooleanSupplier enough) {
    List<Result> results = new ArrayList<>();
    List<String> submits = new ArrayList<>();
    for (Action action : actions) {
      if (action instanceof Action.Submit submit) {
        submits.add(submit.purpose());
      } else if (action instanceof Action.ClosePorts) {
        tunnels.close(cluster.id());
      } else if (action instanceof Action.Retire retire) {
        results.addAll(postponed(() -> retire(cluster, retire.jobs())));
      } else if (action instanceof Action.End end) {
        results.addAll(
            postponed(() -> List.of(ender.end(cluster, end.alsoUnknown(), request.hasTls()))));
      }
    }
    results.addAll(submit(cluster, request, submits, enough));
    return results;
  }

  private static List<Result> postponed(Supplier<List<Result>> work) {
    try {
      return work.get();
    } catch (UnicoreException | SchedulerHttpException e) {
      return List.of(new Result.Postponed(e));
    }
  }

  private List<Result> submit(
      Cluster cluster, ClusterRequest request, List<String> purposes, BooleanSupplier enough) {
    if (purposes.isEmpty()) {
      return List.of();
    }
    try {
      check(cluster, request, purposes.get(0));
    } catch (ClusterException e) {
      purposes.forEach(untried::remove);
      return purposes.stream().<Result>map(one -> new Result.Refused(one, e)).toList();
    }
    return threads.inParallel(
        purposes, purpose -> enough.getAsBoolean() ? List.of() : submit(cluster, request, purpose));
  }

  private void check(Cluster cluster, ClusterRequest request, String purpose) {
    if (purpose.equals(AllocationJob.PURPOSE)) {
      OfferCheck.beforeAllocation(request, site);
    } else if (purpose.startsWith(SchedulerJob.PURPOSE)) {
      OfferCheck.beforeScheduler(request, site, cluster);
    } else {
      OfferCheck.beforeWorkers(request, site, cluster);
    }
  }

  private List<Result> submit(Cluster cluster, ClusterRequest request, String purpose) {
    try (LogContext log = LogContext.of(LogContext.JOB, purpose)) {
      return submitNow(cluster, request, purpose);
    }
  }

  private List<Result> submitNow(Cluster cluster, ClusterRequest request, String purpose) {
    boolean mayBeThere = !untried.remove(purpose);
    JobDescriptions descriptions = new JobDescriptions(request);
    ObjectNode job = description(cluster, request, descriptions, purpose);
    Optional<String> warning =
        purpose.equals(AllocationJob.PURPOSE) ? Optional.empty() : descriptions.warning(job);
    Submission submission = new Submission(site);
    Cluster within = purpose.equals(AllocationJob.PURPOSE) ? cluster.withAllocation(null) : cluster;
    try {
      URI url = submission.submitOnce(within, purpose, job, mayBeThere);
      return List.of(new Result.Submitted(purpose, url, warning));
    } catch (ClusterException e) {
      return List.of(new Result.Refused(purpose, e));
    } catch (UnicoreException e) {
      return List.of(new Result.Postponed(e));
    }
  }

  private static ObjectNode description(
      Cluster cluster, ClusterRequest request, JobDescriptions descriptions, String purpose) {
    if (purpose.equals(AllocationJob.PURPOSE)) {
      return descriptions.allocation();
    }
    return purpose.startsWith(SchedulerJob.PURPOSE)
        ? descriptions.scheduler(
            RelaySecret.random(),
            () -> TlsStaging.certificates(cluster.id(), request, Instant.now()))
        : descriptions.worker(
            purpose, cluster.scheduler().schedulerFile(), !cluster.scheduler().isListening());
  }

  /** The workers first, so that their data moves; then the jobs, each as far as it can be had. */
  private List<Result> retire(Cluster cluster, List<WorkerJob> jobs) {
    SchedulerContact scheduler = tunnels.of(cluster, site).contact();
    Optional<List<SchedulerWorker>> known = scheduler.workers();
    Set<Integer> numbers = jobs.stream().map(WorkerJob::number).collect(Collectors.toSet());
    List<String> addresses =
        known.orElse(List.of()).stream()
            .filter(worker -> WorkerJob.isOneOf(numbers, worker.name()))
            .map(SchedulerWorker::address)
            .toList();
    if (!addresses.isEmpty()) {
      scheduler.retire(addresses);
    }
    boolean nothingLost = known.isPresent() || hadNothing(scheduler, jobs);
    Submission submission = new Submission(site);
    Consumer<WorkerJob> abort =
        job ->
            Optional.ofNullable(job.job())
                .or(() -> submission.find(cluster, job.name()))
                .ifPresent(site.unicore()::abort);
    return ended(jobs, abort, nothingLost);
  }

  private List<Result> ended(List<WorkerJob> jobs, Consumer<WorkerJob> abort, boolean nothingLost) {
    Set<Integer> numbers = ConcurrentHashMap.newKeySet();
    List<Result> refusals =
        threads.inParallel(
            jobs,
            job -> {
              try (LogContext log = LogContext.of(LogContext.JOB, job.name())) {
                abort.accept(job);
                numbers.add(job.number());
                return List.<Result>of();
              } catch (UnicoreException e) {
                return List.<Result>of(new Result.Postponed(e));
              }
            });
    List<Result> results = new ArrayList<>(refusals);
    if (!numbers.isEmpty()) {
      results.add(new Result.Retired(new HashSet<>(numbers), nothingLost));
    }
    return results;
  }

  private static boolean hadNothing(SchedulerContact scheduler, List<WorkerJob> jobs) {
    SurplusJobs losses =
        new SurplusJobs(
            new WorkersSeen.Told(
                0, Optional.empty(), scheduler.loads(), OptionalInt.empty(), false));
    return jobs.stream()
        .map(losses::loss)
        .collect(Collectors.toSet())
        .equals(Set.of(SurplusJobs.Loss.NOTHING));
  }

  /** The jobs as they are submitted for these purposes, complete, for people. */
  ObjectNode shown(Cluster cluster, ClusterRequest request, String purpose) {
    JobDescriptions descriptions = new JobDescriptions(request);
    ObjectNode job =
        purpose.startsWith(SchedulerJob.PURPOSE)
            ? descriptions.scheduler()
            : description(cluster, request, descriptions, purpose);
    Submission.complete(job, site, cluster, purpose);
    return job;
  }
}

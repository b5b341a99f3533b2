package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.TestSites;
import io.unicoredask.cluster.keeper.Cluster.Growth;
import io.unicoredask.cluster.keeper.WorkerJob.Status;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.request.TunnelKind;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.dask.SchedulerFile;
import io.unicoredask.dask.SchedulerHttpException;
import io.unicoredask.dask.SchedulerWorker;
import io.unicoredask.dask.WorkerLoad;
import io.unicoredask.unicore.Job;
import io.unicoredask.unicore.JobStatus;
import io.unicoredask.unicore.Storage;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a keeper may be faced with: a cluster on record, what is asked for, and what was seen. It
 * begins with a cluster of which nothing exists, which nobody waits for, and of which nothing was
 * seen; each decision is put down, as its keeper does.
 */
final class Situation {

  static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  private static final Sites SITES = new Sites(List.of(TestSites.unreachable("hpc")));

  private final Map<String, Object> variables = new HashMap<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private Cluster cluster = Cluster.planned("e1-c1", "hpc");
  private Recollection recollection = Recollection.NONE;
  private Observation seen = Observation.at(NOW);
  private boolean workDeleted;

  private Situation() {}

  static Situation of(Phase... phases) {
    Situation situation = new Situation();
    Arrays.stream(phases).forEach(phase -> situation.waits(phase, false));
    return situation;
  }

  /** One whose activities were begun in an earlier look. */
  static Situation during(Phase... phases) {
    Situation situation = new Situation();
    Arrays.stream(phases).forEach(phase -> situation.waits(phase, true));
    return situation;
  }

  Situation waits(Phase phase, boolean begun) {
    waiting.add(new Waiting(execution(phase), phase, NOW, begun));
    return this;
  }

  Situation asked(String variable, Object value) {
    variables.put(variable, value);
    return this;
  }

  Situation workDeleted() {
    workDeleted = true;
    return this;
  }

  Situation with(UnaryOperator<Cluster> change) {
    cluster = change.apply(cluster);
    return this;
  }

  /** A scheduler's job that was submitted. */
  Situation submitted() {
    return with(
        before ->
            before
                .with()
                .scheduler(SchedulerJob.wanted().withJob(job("scheduler")))
                .tunnel(TunnelKind.AUTO)
                .build());
  }

  /** A scheduler's job whose directory is known. */
  Situation hasDirectory() {
    return submitted()
        .with(
            before ->
                before.withScheduler(
                    before
                        .scheduler()
                        .with()
                        .workingDirectory(URI.create("storages/1"))
                        .directory("/scratch/1/")
                        .build()));
  }

  /** A scheduler that has written where it listens. */
  Situation listens() {
    return hasDirectory()
        .with(
            before ->
                before.withScheduler(
                    before
                        .scheduler()
                        .listening(file(8787))
                        .withForwarding(URI.create("forward/1"))));
  }

  /** A scheduler that can be reached, and whose workers grow. */
  Situation reachable() {
    return listens()
        .with(
            before ->
                before
                    .with()
                    .tunnel(TunnelKind.RELAY)
                    .localPort(4322)
                    .reached(true)
                    .growth(Growth.ON)
                    .build());
  }

  Situation workers(WorkerJob... workers) {
    return with(
        before ->
            before
                .with()
                .workers(List.of(workers))
                .nextWorker(Arrays.stream(workers).mapToInt(WorkerJob::number).max().orElse(0) + 1)
                .build());
  }

  Situation sees(UnaryOperator<Observation> change) {
    seen = change.apply(seen);
    return this;
  }

  Situation seesNothingAfter(Duration time) {
    seen = Observation.at(seen.at().plus(time));
    return this;
  }

  Situation seesAllocation(JobSeen allocation) {
    return sees(before -> before.withAllocation(Optional.of(allocation)));
  }

  Situation seesScheduler(JobSeen scheduler) {
    return sees(before -> before.withScheduler(Optional.of(scheduler)));
  }

  Situation seesDirectory(boolean ready) {
    return sees(
        before ->
            before.withDirectory(
                Optional.of(
                    new Observation.Directory(
                        URI.create("storages/1"), new Storage(ready, "/scratch/1/")))));
  }

  Situation seesFile(FileSeen file) {
    return sees(before -> before.withSchedulerFile(Optional.of(file)));
  }

  Situation seesTunnel(TunnelSeen tunnel) {
    return sees(before -> before.withTunnel(Optional.of(tunnel)));
  }

  Situation seesWorkers(WorkersSeen workers) {
    return sees(before -> before.withWorkers(Optional.of(workers)));
  }

  Situation seesWorkerJob(int number, JobSeen job) {
    return sees(
        before -> {
          Map<Integer, JobSeen> jobs = new HashMap<>(before.workerJobs());
          jobs.put(number, job);
          return before.withWorkerJobs(jobs);
        });
  }

  /** What follows, which is on record from then on. */
  Decision decide() {
    return down(Decisions.decide(cluster, demand(), recollection, seen));
  }

  /** What follows from what was done. */
  Decision after(Result... results) {
    return down(Decisions.after(cluster, demand(), recollection, List.of(results), seen));
  }

  private Decision down(Decision decision) {
    Demand left = demand().after(decision);
    cluster = decision.cluster();
    recollection = decision.recollection();
    waiting.clear();
    waiting.addAll(left.waiting());
    return decision;
  }

  Cluster cluster() {
    return cluster;
  }

  /** Of no workers, unless another size is asked for. */
  ClusterRequest request() {
    Map<String, Object> all = new HashMap<>(variables);
    if (Stream.of("workers", "jobs", "adapt").noneMatch(all::containsKey)) {
      all.put("workers", 0);
    }
    return ClusterRequest.of(all, SITES);
  }

  private Demand demand() {
    return new Demand("a name", request(), waiting, workDeleted);
  }

  static String execution(Phase phase) {
    return "waits for " + phase;
  }

  /** What an activity is told; null while it waits. */
  static Outcome outcome(Decision decision, Phase phase) {
    return decision.outcomes().get(execution(phase));
  }

  static boolean isDone(Decision decision, Phase phase) {
    return outcome(decision, phase) instanceof Outcome.Done;
  }

  static ClusterError error(Decision decision, Phase phase) {
    return ((Outcome.Failed) outcome(decision, phase)).error();
  }

  static String message(Decision decision, Phase phase) {
    return ((Outcome.Failed) outcome(decision, phase)).message();
  }

  static URI job(String name) {
    return URI.create("jobs/" + name);
  }

  static WorkerJob worker(int number, Status status) {
    return new WorkerJob(
        number,
        status == Status.WANTED ? null : job("worker-" + number),
        1,
        status,
        status == Status.CONNECTED,
        false,
        0,
        false,
        JobTimes.NONE);
  }

  static WorkerJob[] workers(int count, Status status) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(number -> worker(number, status))
        .toArray(WorkerJob[]::new);
  }

  static JobSeen.Ended ended(String obituary) {
    return new JobSeen.Ended(false, obituary);
  }

  static JobSeen.Ended endedWell() {
    return new JobSeen.Ended(true, "it ended as SUCCESSFUL");
  }

  static JobSeen.Alive alive(JobStatus status) {
    return new JobSeen.Alive(job(status, "slurm-1", "BATCH"));
  }

  static Job job(JobStatus status, String batchSystemId, String type) {
    return new Job(
        status,
        "",
        null,
        batchSystemId,
        type,
        "batch",
        null,
        List.of(),
        null,
        URI.create("forward/1"));
  }

  static SchedulerFile file(Integer dashboardPort) {
    return new SchedulerFile("id", URI.create("tcp://node1:8786"), dashboardPort, NOW);
  }

  /** A scheduler that has just these workers, each called as its job. */
  static WorkersSeen.Told has(int... numbers) {
    return new WorkersSeen.Told(
        numbers.length,
        Optional.of(
            Arrays.stream(numbers)
                .mapToObj(number -> new SchedulerWorker("worker-" + number, "tcp://node:" + number))
                .toList()),
        Optional.empty(),
        OptionalInt.empty(),
        false);
  }

  static WorkersSeen.Told wants(WorkersSeen.Told told, int workers) {
    return new WorkersSeen.Told(
        told.connected(), told.workers(), told.loads(), OptionalInt.of(workers), false);
  }

  static WorkersSeen.Told loaded(WorkersSeen.Told told, WorkerLoad... loads) {
    return new WorkersSeen.Told(
        told.connected(), told.workers(), Optional.of(List.of(loads)), told.wanted(), false);
  }

  static WorkersSeen.Silent silent(boolean relayGone) {
    return new WorkersSeen.Silent(
        new SchedulerHttpException("the scheduler does not answer"), relayGone, false);
  }

  static ClusterException refusal() {
    return new ClusterException(ClusterError.DASK_JOB_REFUSED, "the job was refused: no such node");
  }

  /** The purposes of what is submitted. */
  static List<String> submits(Decision decision) {
    return decision.actions().stream()
        .filter(Action.Submit.class::isInstance)
        .map(action -> ((Action.Submit) action).purpose())
        .toList();
  }

  /** Its worker jobs that are that far. */
  static List<String> names(Cluster cluster, Status status) {
    return cluster.workersThatAre(status).stream().map(WorkerJob::name).toList();
  }
}

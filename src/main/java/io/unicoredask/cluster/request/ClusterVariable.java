package io.unicoredask.cluster.request;

import static io.unicoredask.cluster.request.Variable.input;

import io.unicoredask.cluster.request.Allowed.Other;
import io.unicoredask.cluster.request.Allowed.Range;
import io.unicoredask.cluster.request.Allowed.TimeSpan;
import io.unicoredask.cluster.request.Allowed.Truth;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The variables that a cluster's request is read from: the one table that reading them, refusing
 * misspelt names, and the documentation are made from. They are in its order.
 */
public enum ClusterVariable {
  SITE(
      input("site", "String", text("a configured site's name"), "where the cluster runs")
          .withDefaultText("the only site there is")
          .withParameter("submitter")),
  WORKERS(
      input(
              "workers",
              "Integer",
              new Range(0, ClusterSize.MAX_WORKERS),
              "how many Dask workers; makes `workers / processes` jobs, rounded up")
          .withDefaultText("0")
          .withAllowedNote(
              ", at most %d jobs; within the site's [limits](../how-to/limits.md)"
                  .formatted(ClusterSize.MAX_JOBS))
          .withParameter("n_workers")
          .withCounts(Counts.SIZE)),
  JOBS(
      input("jobs", "Integer", new Range(0, ClusterSize.MAX_JOBS), "how many worker jobs")
          .withAllowedNote("; not with `workers`")
          .withParameterNote("`scale(jobs=…)`")
          .withCounts(Counts.SIZE)),
  ADAPT(
      input(
              "adapt",
              "Json or String",
              new Other(
                  "an object of `minimum` (%s), `maximum` (required) and `wait_count` (%s), such as `{\"maximum\": 10}`"
                      .formatted(
                          AdaptReader.MINIMUM.defaultValue(),
                          AdaptReader.WAIT_COUNT.defaultValue()),
                  "a JSON object that has a maximum, such as {\"maximum\": 10}"),
              "the bounds within which the cluster follows its work; see [adapt](../how-to/adapt-and-renew.md#adapt)")
          .withDefaultText("none")
          .withAllowedNote("; not with `workers` or `jobs`; the site's limits count for `maximum`")
          .withParameterNote("`adapt(minimum=, maximum=)`")
          .withCounts(Counts.SIZE)),
  QUEUE(
      input("queue", "String", text("text"), "batch queue of all jobs")
          .withDefaultText("the site's")
          .withParameter("queue")
          .withCounts(Counts.NEW_JOBS)),
  PROJECT(
      input("project", "String", text("text"), "accounting project of all jobs")
          .withDefaultText("the site's")
          .withParameter("project")
          .withCounts(Counts.NEW_JOBS)),
  THREADS(
      input("threads", "Integer", new Range(1, 100_000), "threads per worker")
          .withDefaultText("Dask's")
          .withParameter("threads")
          .withCounts(Counts.NEW_JOBS)),
  PROCESSES(
      input("processes", "Integer", new Range(1, 10_000), "workers per job")
          .withDefaultValue("1")
          .withParameter("processes")
          .withCounts(Counts.NEW_JOBS)),
  SCHEDULER_JOB(
      input(
              "schedulerJob",
              "Json or String",
              JobDescriptionReader.ALLOWED,
              "what the scheduler's job is made from")
          .withDefaultText("the site's `scheduler-job`, else `{}`")
          .withParameter("scheduler_job_desc")
          .withCounts(Counts.NEW_SCHEDULER)),
  WORKER_JOB(
      input(
              "workerJob",
              "Json or String",
              JobDescriptionReader.ALLOWED,
              "what each worker job is made from")
          .withDefaultText("the site's `worker-job`, else `{}`")
          .withParameter("worker_job_desc")
          .withCounts(Counts.NEW_JOBS)),
  ALLOCATION(
      input(
              "allocation",
              "Json or String",
              new Other(
                  "a job description, the name of a template, or the URL of a running allocation at the site",
                  "a job description in JSON, or the URL of a running allocation"),
              "the allocation that the jobs run in")
          .withDefaultText("none")
          .withAllowedNote(
              "; with `Resources.Nodes` given, no more jobs than nodes, the scheduler's included,"
                  + " also later in scale messages; without it the site decides how many nodes"
                  + " there are, often one")
          .withParameterNote("an `Allocation` as `submitter`")),
  LOCAL_PORT(
      input("localPort", "Integer", new Range(0, 65535), "local port for Dask clients")
          .withDefaultValue("4322")
          .withAllowedNote("; 0 is any free port")
          .withParameter("local_port")),
  CONNECT_DASHBOARD(
      input("connectDashboard", "Boolean", new Truth(), "whether to forward the dashboard's port")
          .withDefaultValue("false")
          .withParameter("connect_dashboard")),
  LOCAL_DASHBOARD_PORT(
      input("localDashboardPort", "Integer", new Range(0, 65535), "local port of the dashboard")
          .withDefaultValue("4323")
          .withAllowedNote("; not `localPort`, unless 0")
          .withParameter("local_dashboard_port")),
  TUNNEL(
      input(
              "tunnel",
              "String",
              Allowed.choice(TunnelKind.values(), TunnelKind::value),
              "how the local ports lead to the scheduler; see [tunnel](../explanation/agent-and-tunnel.md#tunnel)")
          .withDefaultValue(TunnelKind.AUTO.value())),
  SECURITY(
      input(
              "security",
              "String",
              Allowed.choice(Security.values(), Security::value),
              "whether scheduler, workers and clients speak TLS, and know each other by certificates of"
                  + " this one cluster; see [TLS](../how-to/tls.md)")
          .withDefaultValue(Security.NONE.value())),
  WAIT_FOR_STARTUP(
      input(
              "waitForStartup",
              "Boolean",
              new Truth(),
              "whether scaling is done when the workers have connected, or as soon as their jobs are submitted")
          .withDefaultValue("true")
          .withParameterNote("`scale(wait_for_startup=…)`")
          .withCounts(Counts.FROM_THEN_ON)),
  QUEUE_WORKERS(
      input(
              "queueWorkers",
              "String",
              Allowed.choice(QueueWorkers.values(), QueueWorkers::value),
              "when the first worker jobs are queued: right after the scheduler's job, so that all wait"
                  + " in the queue at the same time, or when the scheduler can be reached")
          .withDefaultValue(QueueWorkers.TOGETHER.value())
          .withCounts(Counts.NEW_SCHEDULER)),
  MIN_WORKERS(
      input(
              "minWorkers",
              "Integer",
              new Range(0, ClusterSize.MAX_WORKERS),
              "how many connected workers are enough when `workersTimeout` is over while the cluster comes up")
          .withDefaultText("all")
          .withCounts(Counts.FROM_THEN_ON)),
  MAX_REPLACEMENTS(
      input(
              "maxReplacements",
              "Integer",
              new Range(0, ClusterSize.MAX_WORKERS),
              "how many worker jobs that end unexpectedly are replaced in the cluster's life, and how often a lost scheduler is")
          .withDefaultValue("10")
          .withCounts(Counts.FROM_THEN_ON)),
  WORKER_LOST_AFTER(
      input(
              "workerLostAfter",
              "String",
              new TimeSpan(),
              "how long the workers of a job that goes on may be gone from the scheduler, for"
                  + " their nanny to bring them back, until the job is ended and replaced")
          .withDefaultValue("PT1M")
          .withCounts(Counts.FROM_THEN_ON)),
  RENEW_WORKERS(
      input(
              "renewWorkers",
              "Boolean",
              new Truth(),
              "whether a worker job whose time is nearly over is replaced by another before it is, and"
                  + " its data moved, where the batch system says when that is")
          .withDefaultValue("true")
          .withCounts(Counts.FROM_THEN_ON)),
  ON_SCHEDULER_LOST(
      input(
              "onSchedulerLost",
              "String",
              Allowed.choice(OnSchedulerLost.values(), OnSchedulerLost::value),
              "whether a ready cluster that loses its scheduler fails, or gets a new one on the same"
                  + " local ports, and new workers; what the old ones computed is lost")
          .withDefaultValue(OnSchedulerLost.FAIL.value())
          .withAllowedNote("; not with `work`")
          .withCounts(Counts.FROM_THEN_ON)),
  WORK(
      input(
              "work",
              "String",
              text("the key of a deployed process other than `dask-cluster`"),
              "what is called when the cluster is ready; see [work inside a cluster](../how-to/work.md)")
          .withDefaultText("none")),
  DRY_RUN(
      input("dryRun", "Boolean", new Truth(), "say what would be submitted, and submit nothing")
          .withDefaultValue("false")),
  DEBUG(
      input(
              "debug",
              "Boolean",
              new Truth(),
              "log each step of the cluster at INFO under the logger `io.unicoredask.debug`, and"
                  + " keep the submitted job descriptions in variables")
          .withDefaultValue("false")
          .withParameter("debug")
          .withCounts(Counts.FROM_THEN_ON)),
  IDLE_TIMEOUT(
      input(
              "idleTimeout",
              "String",
              new TimeSpan(),
              "how long the scheduler may have nothing to do until it ends itself, and the cluster"
                  + " with it; works without the engine, too; counts from the first worker on,"
                  + " with `tunnel` = `direct` from the scheduler's start")
          .withDefaultText("none")
          .withCounts(Counts.NEW_SCHEDULER)),
  QUEUE_TIMEOUT(
      input(
              "queueTimeout",
              "String",
              new TimeSpan(),
              "how long the allocation, and then the scheduler's job, may queue")
          .withDefaultValue("P1D")
          .withCounts(Counts.NEW_WAITS)),
  START_TIMEOUT(
      input(
              "startTimeout",
              "String",
              new TimeSpan(),
              "how long the scheduler may take to come up once its job runs")
          .withDefaultValue("PT5M")
          .withCounts(Counts.NEW_WAITS)),
  CONNECTION_TIMEOUT(
      input(
              "connectionTimeout",
              "String",
              new TimeSpan(),
              "how long until a forwarded connection reaches the scheduler")
          .withDefaultValue("PT2M")
          .withParameter("connection_timeout")
          .withParameterNote("(seconds)")
          .withCounts(Counts.NEW_WAITS)),
  WORKERS_TIMEOUT(
      input(
              "workersTimeout",
              "String",
              new TimeSpan(),
              "how long workers may take to connect after the scheduler can be reached or another"
                  + " size is asked for, queueing included")
          .withDefaultValue("P1D")
          .withCounts(Counts.NEW_WAITS)),
  LIFETIME(
      input(
              "lifetime",
              "String",
              new TimeSpan(),
              "how long the cluster lives once it is ready; a restart (`onSchedulerLost`) leaves it the rest")
          .withDefaultValue("P1D")
          .withDefaultText("P1D, or the site's `limits.lifetime` if shorter")
          .withAllowedNote(", up to that limit")
          .withCounts(Counts.NEW_WAITS));

  /** What counts of a request that was read by a version that did not know the variable. */
  static final Duration DEFAULT_WORKER_LOST_AFTER =
      Duration.parse(WORKER_LOST_AFTER.variable().defaultValue());

  private static final Map<String, ClusterVariable> BY_NAME =
      Arrays.stream(values())
          .collect(
              Collectors.toUnmodifiableMap(ClusterVariable::variableName, Function.identity()));

  private final Variable variable;

  ClusterVariable(Variable variable) {
    this.variable = variable;
  }

  /** What there is to know of it. */
  public Variable variable() {
    return variable;
  }

  /** The name of the process variable. */
  public String variableName() {
    return variable.name();
  }

  /** The names of all, in order. */
  public static List<String> names() {
    return Arrays.stream(values()).map(ClusterVariable::variableName).toList();
  }

  static boolean isOne(String name) {
    return BY_NAME.containsKey(name);
  }

  private static Allowed text(String inTable) {
    return new Other(inTable, "a text");
  }

  /** What a message's new value counts for. */
  private static final class Counts {

    static final String SIZE =
        "for the cluster's size; of `workers`, `jobs` and `adapt` the newest is the one that counts";
    static final String NEW_JOBS = "for jobs that are submitted after it";
    static final String NEW_SCHEDULER =
        "for a scheduler that is started after it, as by a restart (`onSchedulerLost`)";
    static final String FROM_THEN_ON = "from then on";
    static final String NEW_WAITS =
        "for a time that begins after it; that of `lifetime` begins when the cluster is ready";

    private Counts() {}
  }
}

package io.unicoredask.cluster.request;

import static io.unicoredask.cluster.request.Output.output;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The process variables that are written, in the order of the documentation. */
public final class Outputs {

  /** Those of a cluster. */
  public static final List<Output> CLUSTER =
      List.of(
          output(
              "String",
              "`PENDING`, `RUNNING`, `STOPPING`, `STOPPED`, or `FAILED`; of a deleted instance"
                  + " `STOPPING`, since that of `dask-teardown` says how far its end is",
              "clusterStatus"),
          output("String", "what is being waited for; absent when nothing is", "clusterProgress"),
          output(
              "String",
              "when the batch system expects the job to start that is waited for, such as"
                  + " `2026-11-26T14:05:00+01:00`; absent if it does not say, once it runs, and after"
                  + " teardown",
              "expectedStart"),
          output(
              "String",
              "when the time of the scheduler's job, or of the allocation that it runs in, is over;"
                  + " absent if the batch system does not say, and after teardown",
              "schedulerEndsAt"),
          output(
              "String",
              "the size asked for last, `4 workers` or `2 jobs`; `0 to 10 workers` with `adapt`",
              "clusterSize"),
          output(
              "String",
              "what you should know though it is no failure, one line each; absent when there is"
                  + " nothing: jobs of an allocation that may run on the login node, a dashboard"
                  + " that shows nothing (no bokeh at the site), workers that were ended without"
                  + " moving their data, a cluster that cannot adapt",
              "clusterWarning"),
          output(
              "Integer",
              "how many workers the scheduler has, kept true every few seconds while the cluster runs;"
                  + " 0 after teardown",
              "connectedWorkers"),
          output(
              "String",
              "address for Dask clients, such as `tcp://127.0.0.1:4322`, or `tls://…` with [TLS](../how-to/tls.md);"
                  + " removed by teardown",
              "schedulerAddress"),
          output(
              "String",
              "the dashboard, if `connectDashboard` is true; removed by teardown",
              "dashboardUrl"),
          output("String", "`relay` or `direct`", "tunnelInUse"),
          output("String", "the allocation at the site, if there is one", "allocationUrl"),
          output("String", "the scheduler's job at the site", "schedulerJobUrl"),
          output(
              "Json", "the worker jobs at the site, a list of URLs, oldest first", "workerJobUrls"),
          output(
              "Json",
              "after a dry run, what would be submitted, without the cluster's own tags; with"
                  + " `debug`, what was submitted, of the worker jobs the last; without the relay's"
                  + " program and secret",
              "allocationDescription",
              "schedulerJobDescription",
              "workerJobDescription"),
          output(
              "Json",
              "how far each worker job is, by its name: `QUEUED`, `RUNNING` (not all its workers"
                  + " connected), `CONNECTED`, `RETIRING` (about to be ended) or `LOST`",
              "workerJobStatus"),
          output(
              "Json",
              "the same with more, by its name: `state`, the batch system's `reason`, `start`"
                  + " (expected, while it waits) and `end` of its time, as far as it says, and"
                  + " how many `workers` are connected",
              "workerJobs"),
          output(
              "File",
              "what the jobs had written when a message `dask-cluster-logs` asked for it last;"
                  + " text, UTF-8; absent until it is read",
              "clusterLogs"),
          output(
              "String",
              "what led to the teardown: a message (`teardown`), a timer (`lifetime`), the scheduler,"
                  + " which ended by itself (`scheduler`), an error (`error`), or none of these, the"
                  + " work being done (`work`); `deletion` in a deleted instance and in that of"
                  + " `dask-teardown`",
              "endedBy"),
          output(
              "String",
              "what made the cluster fail, and what can be done",
              "errorCode",
              "errorMessage"),
          output(
              "String",
              "what made the last failed scaling fail, or why lost workers are not replaced; the"
                  + " cluster goes on",
              "scaleErrorCode",
              "scaleErrorMessage"));

  /** Those of a script. */
  public static final List<Output> SCRIPT =
      List.of(
          output(
              "String",
              "the end of what the script has written so far, standard output and standard error,"
                  + " at most 3900 characters, on Oracle 1900",
              "scriptOutput"),
          output(
              "Integer",
              "its exit code; absent if the site does not know one, as of an aborted job",
              "scriptExitCode"),
          output("String", "its job at the site", "scriptJobUrl"),
          new Output(
              List.of(), "those of `resultFiles`", "File", "the files, each of at most 10 MiB"));

  private static final Set<String> NAMES =
      Stream.concat(CLUSTER.stream(), SCRIPT.stream())
          .flatMap(output -> output.names().stream())
          .collect(Collectors.toUnmodifiableSet());

  private Outputs() {}

  /** The names of all that have names of their own. */
  public static Set<String> names() {
    return NAMES;
  }
}

package io.unicoredask.cluster.request;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.dask.TlsFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds what is asked for twice: by a variable, and in the description of a job. */
class CommandConflicts {

  private static final List<String> TLS_OPTIONS =
      List.of("--tls-ca-file", "--tls-cert", "--tls-key");
  private static final Set<String> TLS_PROTOCOLS = Set.of("tls", "tls://");

  /** Of its ciphers and versions everybody may have a view. */
  private static final Pattern TLS_SETTINGS =
      Pattern.compile(
          TlsFile.SETTINGS
              + "(REQUIRE_ENCRYPTION|DEFAULT_SCHEME|TLS(__(CA_FILE|(SCHEDULER|WORKER|CLIENT).*))?)",
          Pattern.CASE_INSENSITIVE);

  private final List<String> problems = new ArrayList<>();

  /** A sentence for each. */
  static List<String> problems(ClusterRequest request) {
    CommandConflicts conflicts = new CommandConflicts();
    if (request.threads() != null) {
      conflicts.option(
          ClusterVariable.THREADS,
          request.threads(),
          ClusterVariable.WORKER_JOB,
          request.workerJob(),
          "--nthreads");
    }
    if (request.idleTimeout() != null) {
      conflicts.option(
          ClusterVariable.IDLE_TIMEOUT,
          request.idleTimeout(),
          ClusterVariable.SCHEDULER_JOB,
          request.schedulerJob(),
          "--idle-timeout");
      conflicts.setting(
          "%s = %s".formatted(ClusterVariable.IDLE_TIMEOUT.variableName(), request.idleTimeout()),
          request.schedulerJob(),
          "DASK_DISTRIBUTED__SCHEDULER__IDLE_TIMEOUT",
          "one of them");
    }
    if (request.tunnel() != TunnelKind.DIRECT) {
      conflicts.setting(
          "%s = %s".formatted(ClusterVariable.TUNNEL.variableName(), request.tunnel().value()),
          request.schedulerJob(),
          "DASK_DISTRIBUTED__SCHEDULER__PRELOAD",
          "--preload in its Arguments, beside which the relay's own can stand");
    }
    if (request.hasTls()) {
      conflicts.tls(ClusterVariable.SCHEDULER_JOB, request.schedulerJob());
      conflicts.tls(ClusterVariable.WORKER_JOB, request.workerJob());
    }
    return conflicts.problems;
  }

  private void option(
      ClusterVariable variable,
      Object value,
      ClusterVariable job,
      ObjectNode given,
      String option) {
    Command.of(given)
        .value(option)
        .filter(other -> !other.equals(value.toString()))
        .ifPresent(
            other ->
                problems.add(
                    "%s = %s with %s %s in %s is not allowed; allowed is one of them"
                        .formatted(
                            variable.variableName(), value, option, other, job.variableName())));
  }

  /** What says otherwise who is known, or that nothing is encrypted. */
  private void tls(ClusterVariable variable, ObjectNode job) {
    Command command = Command.of(job);
    Stream<String> options = TLS_OPTIONS.stream().filter(command::sets);
    Stream<String> protocol =
        command
            .value("--protocol")
            .filter(value -> !TLS_PROTOCOLS.contains(value))
            .map("--protocol "::concat)
            .stream();
    Stream<String> settings =
        JobEnvironment.of(job).values().keySet().stream()
            .filter(name -> TLS_SETTINGS.matcher(name).matches());
    Stream.of(options, protocol, settings)
        .flatMap(Function.identity())
        .forEach(
            there ->
                problems.add(
                    "security = tls with %s in %s is not allowed; allowed is one of them"
                        .formatted(there, variable.variableName())));
  }

  /** A setting of Dask's that an option would override. */
  private void setting(String with, ObjectNode schedulerJob, String name, String allowed) {
    JobEnvironment.of(schedulerJob).values().keySet().stream()
        .filter(name::equalsIgnoreCase)
        .forEach(
            there ->
                problems.add(
                    "%s with %s in the Environment of schedulerJob is not allowed; allowed is %s"
                        .formatted(with, there, allowed)));
  }
}

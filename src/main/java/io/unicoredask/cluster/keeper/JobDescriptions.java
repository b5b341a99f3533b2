package io.unicoredask.cluster.keeper;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.request.Command;
import io.unicoredask.cluster.request.JobDefaults;
import io.unicoredask.cluster.request.JobEnvironment;
import io.unicoredask.cluster.request.TimeLimit;
import io.unicoredask.cluster.request.TunnelKind;
import io.unicoredask.dask.ClusterCertificates;
import io.unicoredask.dask.SchedulerHttp;
import io.unicoredask.dask.TlsFile;
import io.unicoredask.relay.RelayProgram;
import io.unicoredask.relay.RelaySecret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Makes the descriptions of a cluster's jobs from those that the user gave, adding only what is
 * missing and never changing what is there.
 */
class JobDescriptions {

  /** The permissions of a file for its owner only, as UNICORE takes them with an import. */
  static final String PRIVATE = "rw-------";

  /** The scheduler file's name in the scheduler job's directory. */
  static final String SCHEDULER_FILE = "dask.json";

  /**
   * Long enough for a slow file system to load Dask, and for a network that is down for minutes.
   */
  private static final Duration FINDING_THE_SCHEDULER = Duration.ofMinutes(10);

  private final ClusterRequest request;
  private final JobDefaults defaults;

  JobDescriptions(ClusterRequest request) {
    this.request = request;
    this.defaults = request.defaults();
  }

  ObjectNode allocation() {
    ObjectNode job = request.newAllocation().deepCopy();
    job.put("Job type", "ALLOCATE");
    addResources(job);
    return job;
  }

  /** The scheduler's job as it is shown: the relay's programs are long, and the secrets ones. */
  ObjectNode scheduler() {
    return scheduler(
        file -> List.of("(this plugin's %s)".formatted(file)),
        "(a secret)",
        () ->
            file -> file == TlsFile.CA ? "(a certificate)" : "(a certificate and its secret key)");
  }

  /**
   * The scheduler's job as it is submitted.
   *
   * @param secret what who uses its relay has to prove
   * @param certificates makes the cluster's certificates, if it is to have some
   */
  ObjectNode scheduler(RelaySecret secret, Supplier<ClusterCertificates> certificates) {
    return scheduler(RelayProgram::lines, secret.toHex(), () -> certificates.get()::content);
  }

  private ObjectNode scheduler(
      Function<String, List<String>> programs,
      String secret,
      Supplier<Function<TlsFile, String>> certificates) {
    ObjectNode job = startedFrom(request.schedulerJob(), "scheduler");
    addArgument(job, "--port", "0");
    addArgument(job, "--scheduler-file", "./" + SCHEDULER_FILE);
    if (request.idleTimeout() != null) {
      addArgument(job, "--idle-timeout", Math.max(1, request.idleTimeout().toSeconds()) + "s");
    }
    if (request.tunnel() == TunnelKind.DIRECT) {
      // No agent speaks there. Whoever reaches the dashboard can retire workers, too.
      SchedulerHttp.API_ENVIRONMENT.forEach((name, value) -> addEnvironment(job, name, value));
    } else {
      RelayStaging.add(job, programs, secret);
    }
    if (request.hasTls()) {
      TlsStaging.add(job, certificates.get());
      TlsStaging.addEnvironment(job, "./");
    }
    WrittenExecutable.makeSafe(job);
    WrittenEnvironment.closeQuotes(job);
    return job;
  }

  /**
   * A worker job.
   *
   * @param schedulerFile the scheduler file's path at the site; what the scheduler's job has
   *     besides is beside it
   * @param beforeScheduler whether it may run before the scheduler does
   */
  ObjectNode worker(String name, String schedulerFile, boolean beforeScheduler) {
    ObjectNode job = startedFrom(request.workerJob(), "worker");
    if (!Command.of(job).namesScheduler()) {
      addArgument(job, "--scheduler-file", schedulerFile);
    }
    addArgument(job, "--name", name);
    addArgument(job, "--nworkers", String.valueOf(request.processes()));
    if (request.threads() != null) {
      addArgument(job, "--nthreads", String.valueOf(request.threads()));
    }
    addArgument(job, "--death-timeout", String.valueOf(deathTimeout(beforeScheduler).toSeconds()));
    if (request.hasTls()) {
      TlsStaging.addEnvironment(
          job, schedulerFile.substring(0, schedulerFile.length() - SCHEDULER_FILE.length()));
    }
    WrittenExecutable.makeSafe(job);
    WrittenEnvironment.closeQuotes(job);
    return job;
  }

  /**
   * How long a worker that has not found its scheduler yet looks for it. It counts for the wait for
   * the scheduler file, and then anew for the connection; a worker that loses the scheduler later
   * ends at once, whatever this is.
   */
  private Duration deathTimeout(boolean beforeScheduler) {
    return beforeScheduler
        ? FINDING_THE_SCHEDULER
            .plus(request.clocks().get(TimeLimit.QUEUE))
            .plus(request.clocks().get(TimeLimit.START))
        : FINDING_THE_SCHEDULER;
  }

  private ObjectNode startedFrom(ObjectNode base, String component) {
    ObjectNode job = base.deepCopy();
    if (!isGiven(job, "ApplicationName") && !isGiven(job, "Executable")) {
      if (defaults.python() == null) {
        job.put("ApplicationName", "dask-" + component);
      } else {
        job.put(
            "Executable", "%s -m distributed.cli.dask_%s".formatted(defaults.python(), component));
      }
    }
    if (isInAllocation()) {
      launch(job, defaults);
    } else {
      addResources(job);
    }
    return job;
  }

  private boolean isInAllocation() {
    return request.allocation() != null || request.newAllocation() != null;
  }

  static void launch(ObjectNode job, JobDefaults defaults) {
    Command command = Command.of(job);
    if (defaults.launcher() != null && isGiven(job, "Executable") && !command.isLaunched()) {
      job.put("Executable", command.launchedBy(defaults.launcher()));
    }
  }

  /** UNICORE runs nothing for an empty one. */
  static boolean isGiven(ObjectNode job, String part) {
    return !job.path(part).asText("").isBlank();
  }

  /**
   * What is questionable about a job in an allocation: that its command will run on the login node,
   * not on one of the allocation's. Empty if nothing is.
   */
  Optional<String> warning(ObjectNode job) {
    return isInAllocation() ? launchWarning(job) : Optional.empty();
  }

  static Optional<String> launchWarning(ObjectNode job) {
    String command = WrittenExecutable.given(job);
    return Command.of(job).isLaunched()
        ? Optional.empty()
        : Optional.of(
            "'%s' has no launcher such as srun before it, so that it runs on the login node unless"
                    .formatted(command.isEmpty() ? job.path("ApplicationName").asText() : command)
                + " it takes care itself; see unicore-dask.sites.*.launcher and .python");
  }

  private void addResources(ObjectNode job) {
    addResource(job, "Queue", request.queue(), defaults.queue());
    addResource(job, "Project", request.project(), defaults.project());
  }

  static void addResource(ObjectNode job, String name, String requested, String siteDefault) {
    boolean given = job.path("Resources").hasNonNull(name);
    String value = requested != null ? requested : given ? null : siteDefault;
    if (value != null) {
      job.withObject("/Resources").put(name, value);
    }
  }

  /** UNICORE takes imports as a list, or as an object by file name. */
  static void addImport(ObjectNode job, String name, ObjectNode source) {
    if (job.get("Imports") instanceof ObjectNode imports) {
      imports.set(name, source);
    } else {
      job.withArray("/Imports").add(source.put("To", name));
    }
  }

  private static void addArgument(ObjectNode job, String option, String value) {
    if (!Command.of(job).sets(option)) {
      job.withArray("/Arguments").add(option).add(ShellArgument.of(value));
    }
  }

  /** UNICORE takes the environment as a list of {@code NAME=value} or as an object. */
  static void addEnvironment(ObjectNode job, String name, String value) {
    if (JobEnvironment.of(job).values().containsKey(name)) {
      return;
    }
    if (job.get("Environment") instanceof ObjectNode environment) {
      environment.put(name, value);
    } else {
      job.withArray("/Environment").add(name + "=" + value);
    }
  }
}

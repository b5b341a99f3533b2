package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.keeper.Cluster.Growth;
import io.unicoredask.cluster.request.QueueWorkers;
import io.unicoredask.cluster.request.TunnelKind;
import io.unicoredask.dask.SchedulerFile;
import io.unicoredask.dask.TlsFile;
import io.unicoredask.unicore.Job;
import io.unicoredask.unicore.JobStatus;
import java.util.Optional;

/** Submits the scheduler's job, and waits until it runs and the scheduler listens. */
final class SchedulerRules {

  private SchedulerRules() {}

  /**
   * The job has left the queue when the site says so or, since the site says so late, when it has
   * written its scheduler file.
   */
  static void start(Decision decision, Observation seen) {
    if (!decision.awaits(Phase.START_SCHEDULER)) {
      return;
    }
    decision.begins(Phase.START_SCHEDULER);
    if (decision.cluster().scheduler() == null) {
      TunnelKind asked = decision.demand().request().tunnel();
      decision.change(
          cluster ->
              cluster
                  .with()
                  .scheduler(SchedulerJob.wanted())
                  .tunnel(asked == TunnelKind.DIRECT ? TunnelKind.DIRECT : TunnelKind.AUTO)
                  .build());
    }
    if (decision.cluster().scheduler().job() == null) {
      decision.act(new Action.Submit(decision.cluster().schedulerPurpose()));
      decision.note("submitting the scheduler's job");
      return;
    }
    if (failed(decision, seen, Phase.START_SCHEDULER)) {
      return;
    }
    seen.directory()
        .filter(directory -> directory.storage().ready())
        .ifPresent(directory -> known(decision, directory));
    if (seen.scheduler().orElse(null) instanceof JobSeen.Alive alive) {
      judge(decision, alive, seen);
    } else {
      decision.noteAsBefore();
    }
  }

  private static void known(Decision decision, Observation.Directory directory) {
    SchedulerJob scheduler =
        decision
            .cluster()
            .scheduler()
            .with()
            .workingDirectory(directory.url())
            .directory(directory.storage().mountPoint())
            .build();
    decision.change(cluster -> cluster.withScheduler(scheduler));
    if (decision.demand().request().queueWorkers() == QueueWorkers.TOGETHER
        && decision.cluster().growth() == Growth.NOT_YET) {
      decision.change(cluster -> cluster.withGrowth(Growth.ON));
    }
  }

  private static void judge(Decision decision, JobSeen.Alive alive, Observation seen) {
    Job job = alive.job();
    SchedulerJob scheduler = decision.cluster().scheduler();
    FileSeen file = seen.schedulerFile().orElse(new FileSeen.NotYet());
    boolean started =
        scheduler.directory() != null
            && job.batchSystemId() != null
            && (job.status() == JobStatus.RUNNING || !(file instanceof FileSeen.NotYet));
    if (!started) {
      decision.note(QueueNote.of("scheduler job", alive, scheduler.times(), seen.at()));
      return;
    }
    decision.change(cluster -> cluster.withScheduler(scheduler.withForwarding(job.forwarding())));
    if (file instanceof FileSeen.Written written && problem(decision, written.file()).isEmpty()) {
      listens(decision, written.file());
    }
    decision.done(Phase.START_SCHEDULER);
  }

  private static void listens(Decision decision, SchedulerFile file) {
    decision.change(cluster -> cluster.withScheduler(cluster.scheduler().listening(file)));
  }

  static void await(Decision decision, Observation seen) {
    if (!decision.awaits(Phase.AWAIT_SCHEDULER)) {
      return;
    }
    decision.begins(Phase.AWAIT_SCHEDULER);
    FileSeen file = seen.schedulerFile().orElse(new FileSeen.NotYet());
    if (!OrderRules.hasSchedulersDirectory(decision.cluster())) {
      decision.note("no scheduler job yet");
    } else if (decision.cluster().scheduler().isListening()) {
      decision.done(Phase.AWAIT_SCHEDULER);
    } else if (file instanceof FileSeen.Unusable unusable) {
      decision.fail(Phase.AWAIT_SCHEDULER, ClusterError.DASK_SCHEDULER_FAILED, unusable.reason());
    } else if (file instanceof FileSeen.Written written) {
      judge(decision, written.file());
    } else if (!failed(decision, seen, Phase.AWAIT_SCHEDULER)) {
      decision.note("no scheduler file yet");
    }
  }

  private static void judge(Decision decision, SchedulerFile file) {
    Optional<String> problem = problem(decision, file);
    if (problem.isPresent()) {
      decision.fail(Phase.AWAIT_SCHEDULER, ClusterError.DASK_SCHEDULER_FAILED, problem.get());
    } else {
      listens(decision, file);
      decision.done(Phase.AWAIT_SCHEDULER);
    }
  }

  /** Why the scheduler that wrote this is none to be connected to; nothing if it is one. */
  private static Optional<String> problem(Decision decision, SchedulerFile file) {
    if (file.dashboardPort() == null) {
      return Optional.of(
          "the scheduler file names no HTTP server (services.dashboard), which every scheduler has"
              + " by default; it is needed to count the workers");
    }
    boolean isOpen = !file.address().getScheme().equals("tls");
    return decision.demand().request().hasTls() && isOpen
        ? Optional.of(
            "the scheduler listens at %s without TLS, though security = tls: have the command of schedulerJob hand the job's environment on to Dask (%sREQUIRE_ENCRYPTION and others)"
                .formatted(file.address(), TlsFile.SETTINGS))
        : Optional.empty();
  }

  /** Fails the activity if the scheduler's job is over. */
  static boolean failed(Decision decision, Observation seen, Phase phase) {
    seen.endOfScheduler()
        .ifPresent(end -> decision.fail(phase, ClusterError.DASK_SCHEDULER_FAILED, end.obituary()));
    return seen.endOfScheduler().isPresent();
  }
}

package io.unicoredask.localsite;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Lets what UNICORE says of a job follow what has become of it, after a while. */
final class StateReports {
  private final LocalSiteSettings settings;
  private final Notifications notifications;
  private final ScheduledExecutorService thread;
  private final Predicate<Execution> isLatest;

  /**
   * @param thread on which jobs change
   * @param isLatest whether a run is its job's latest
   */
  StateReports(
      LocalSiteSettings settings,
      Notifications notifications,
      ScheduledExecutorService thread,
      Predicate<Execution> isLatest) {
    this.settings = settings;
    this.notifications = notifications;
    this.thread = thread;
    this.isLatest = isLatest;
  }

  /** The job runs. */
  void running(Execution execution) {
    Job job = execution.job;
    report(
        execution,
        settings.stateLag(),
        () -> {
          if (job.type() == JobType.ALLOCATE) {
            job.exitCode(0);
            job.log("Allocation successful, BSS ID = " + execution.batchId);
          }
          job.running(execution.batchId);
          notifications.status(job);
          notifications.batchStatus(job, "RUNNING");
        });
  }

  /** The job is over. */
  void over(Execution execution) {
    report(
        execution,
        isMissed(execution)
            ? settings.stateLag().plus(settings.exitCodeGrace())
            : settings.stateLag(),
        () -> {
          Outcome.of(execution.job);
          notifications.status(execution.job);
        });
  }

  /** Whether UNICORE waits for the exit code of a job that the batch system has ended. */
  private static boolean isMissed(Execution execution) {
    JobType type = execution.job.type();
    return type != JobType.ALLOCATE
        && type != JobType.ON_LOGIN_NODE
        && execution.started != null
        && !Outcome.hasExitCode(execution.job);
  }

  /** Unless the job has ended or runs anew by then. */
  private void report(Execution execution, Duration lag, Runnable change) {
    thread.schedule(
        () -> {
          if (!execution.job.isFinished() && isLatest.test(execution)) {
            change.run();
          }
        },
        lag.toMillis(),
        TimeUnit.MILLISECONDS);
  }
}

package io.unicoredask.localsite;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.localsite.Execution.Ending;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What happens to jobs: all of it on one thread, in the order of UNICORE's XNJS. Nothing on that
 * thread waits.
 */
final class JobProcessing implements AutoCloseable {
  static final String REFUSED = "Processing failed: eu.unicore.xnjs.ems.ExecutionException: ";

  private final LocalSiteSettings settings;
  private final JobRunner runner;
  private final BatchSystem batch;
  private final JobPreparation preparation;
  private final Notifications notifications;
  private final Allocations allocations;
  private final StateReports reports;
  private final Map<String, Execution> executions = new ConcurrentHashMap<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "localsite-jobs");
            made.setDaemon(true);
            return made;
          });
  private int lastBatchId;
  private int lastRun;

  JobProcessing(
      LocalSiteSettings settings,
      JobRunner runner,
      Notifications notifications,
      Allocations allocations) {
    this.settings = settings;
    this.runner = runner;
    this.batch = new BatchSystem(settings.queues());
    this.preparation = new JobPreparation(settings, this::onThread, this::fail);
    this.notifications = notifications;
    this.allocations = allocations;
    this.reports =
        new StateReports(settings, notifications, thread, one -> executions.get(one.job.id) == one);
  }

  /** The latest run of a job, or {@code null} if it was never queued. */
  Execution execution(Job job) {
    return executions.get(job.id);
  }

  /** What the batch system says of a job now. */
  ObjectNode details(Job job) {
    Execution execution = executions.get(job.id);
    Instant expectedStart =
        execution == null || execution.batchId == null
            ? null
            : CompletableFuture.supplyAsync(() -> batch.expectedStart(execution.batchId), thread)
                .join();
    return BatchDetails.of(job, execution, expectedStart);
  }

  /** Begins with a new job. */
  void accept(Job job) {
    boolean autoStart = !Boolean.parseBoolean(Json.text(job.submitted, "haveClientStageIn"));
    thread.execute(() -> preparation.begin(job, autoStart ? this::pend : ready -> {}));
  }

  void start(Job job) {
    thread.execute(
        () -> {
          if (job.status() == Job.Status.READY && job.batchSystemId() == null) {
            pend(job);
          }
        });
  }

  void abort(Job job) {
    thread.execute(
        () -> {
          if (!job.isFinished()) {
            job.log("Got 'abort' request.");
            job.failed("Job aborted.");
            notifications.status(job);
            end(executions.get(job.id), Ending.SOMEBODY);
          }
        });
  }

  /** Ends a job in the batch system, of which UNICORE learns as of any other end. */
  void cancel(Job job) {
    thread.execute(() -> end(executions.get(job.id), Ending.SOMEBODY));
  }

  void restart(Job job) {
    thread.execute(
        () -> {
          if (job.isFinished()) {
            job.log("RESTARTING job.");
            pend(job);
          }
        });
  }

  /** Ends a job and deletes its directory. */
  void delete(Job job) {
    thread.execute(
        () -> {
          Execution execution = executions.remove(job.id);
          end(execution, Ending.SOMEBODY);
          allocations.forget(job);
          if (execution != null && execution.isAlive()) {
            execution.running.onExit(() -> SiteFiles.deleteTree(job.directory));
          } else {
            SiteFiles.deleteTree(job.directory);
          }
        });
  }

  private void pend(Job job) {
    job.pending();
    JobDescription description = job.description();
    try {
      if (description == null) {
        throw new JobRefusedException("The job has no valid description.");
      }
      if (description.type() == JobType.ALLOCATE) {
        job.log("Job type: 'allocate'.");
      } else if (description.executable() == null) {
        job.log("No application to execute, changing action status to POSTPROCESSING");
        job.succeeded();
        notifications.status(job);
        return;
      }
      if (description.type() == JobType.ON_LOGIN_NODE) {
        runOnLoginNode(job);
      } else {
        queue(job, description);
      }
    } catch (JobRefusedException | IOException | RuntimeException e) {
      job.log("Could not submit job: " + e.getMessage());
      fail(job, REFUSED + e.getMessage());
      job.log("Status set to DONE - failure.");
    }
  }

  private void fail(Job job, String message) {
    job.failed(message);
    notifications.status(job);
  }

  private void runOnLoginNode(Job job) throws IOException {
    String allocation = allocations.batchIdFor(job);
    if (allocation != null) {
      job.log("Submitting into allocation with ID <%s>".formatted(allocation));
    }
    job.log("Execution on login node");
    job.log("Command is: " + JobScript.of(job));
    job.log("TSI reply: submission OK.");
    Execution execution = new Execution(job, null);
    executions.put(job.id, execution);
    startProcess(execution);
    String id = "INTERACTIVE_localhost_" + execution.running.pid();
    job.log(
        "Submitted to TSI as [%s DEFAULT_GID] with PID=%s on [localhost]"
            .formatted(job.owner, execution.running.pid()));
    job.queued(id, null);
    job.running(id);
    notifications.status(job);
  }

  private void queue(Job job, JobDescription description) throws JobRefusedException {
    Resources resources = description.resources();
    resources.settle(settings.queues());
    job.log("Requesting resources: " + resources);
    job.log("Command is: " + JobScript.of(job));
    job.log("TSI reply: submission OK.");
    Execution execution = new Execution(job, String.valueOf(++lastBatchId));
    executions.put(job.id, execution);
    String queue = resources.get("Queue");
    if (description.type() == JobType.ALLOCATE) {
      job.queued("INTERACTIVE_localhost_" + (10_000 + lastBatchId), queue);
    } else {
      job.log(
          "Submitted to TSI as [%s DEFAULT_GID] with BSSID=%s"
              .formatted(job.owner, execution.batchId));
      job.queued(execution.batchId, queue);
    }
    notifications.status(job);
    notifications.batchStatus(job, "PENDING");
    later(
        settings.queueDelay().toMillis(),
        () -> {
          if (!execution.over) {
            batch.submit(
                execution.batchId,
                queue,
                resources.nodes(),
                Duration.ofSeconds(resources.number("Runtime")),
                nodes -> begin(execution, nodes));
          }
        });
  }

  /** The nodes are there. */
  private void begin(Execution execution, List<String> nodes) {
    Job job = execution.job;
    execution.nodes = nodes;
    try {
      if (job.type() == JobType.ALLOCATE) {
        execution.started = Instant.now();
      } else {
        startProcess(execution);
      }
      execution.runtimeEnd =
          later(
              TimeUnit.SECONDS.toMillis(job.description().resources().number("Runtime")),
              () -> end(execution, Ending.TIME_LIMIT));
    } catch (IOException e) {
      batch.release(execution.batchId);
      job.log("Could not start the job: " + e);
      fail(job, REFUSED + e.getMessage());
      return;
    }
    reports.running(execution);
  }

  private void startProcess(Execution execution) throws IOException {
    execution.start(runner, ++lastRun);
    execution.running.onExit(() -> onThread(() -> exited(execution)));
  }

  /** Ends a run that may wait, run or be over; its nodes are free when its processes are gone. */
  private void end(Execution execution, Ending ending) {
    if (execution == null || execution.over) {
      return;
    }
    execution.ending = ending;
    allocations.tasks(execution.job).forEach(task -> end(executions.get(task), ending));
    if (execution.running == null) {
      exited(execution);
    } else {
      execution.running.kill();
    }
  }

  private void exited(Execution execution) {
    if (execution.over) {
      return;
    }
    execution.ended = Instant.now();
    execution.over = true;
    if (execution.runtimeEnd != null) {
      execution.runtimeEnd.cancel(false);
    }
    if (execution.batchId != null) {
      batch.release(execution.batchId);
    }
    reports.over(execution);
  }

  private Future<?> later(long millis, Runnable task) {
    return thread.schedule(task, millis, TimeUnit.MILLISECONDS);
  }

  private void onThread(Runnable task) {
    if (!thread.isShutdown()) {
      thread.execute(task);
    }
  }

  /** Ends every job's processes and returns when they are gone. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      thread.awaitTermination(5, TimeUnit.SECONDS);
      runner.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

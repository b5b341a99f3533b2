package io.unicoredask.localsite;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The jobs, and what happens to them: all of it on one thread, in the order of UNICORE's XNJS.
 * Nothing on that thread waits.
 */
final class Jobs implements AutoCloseable {
  private static final String REFUSED =
      "Processing failed: eu.unicore.xnjs.ems.ExecutionException: ";
  private static final String LETTERS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private static final FileAttribute<?> OWNER_AND_GROUP =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---"));

  private final LocalSiteSettings settings;
  private final Path directory;
  private final JobRunner runner;
  private final BatchSystem batch;
  private final Notifications notifications;
  private final Map<String, Job> jobs = Collections.synchronizedMap(new LinkedHashMap<>());
  private final Map<String, Execution> executions = new ConcurrentHashMap<>();
  private final Map<String, String> allocationOf = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "localsite-jobs");
            made.setDaemon(true);
            return made;
          });
  private int lastBatchId;
  private int lastRun;

  Jobs(LocalSiteSettings settings, Path directory, JobRunner runner, Notifications notifications)
      throws IOException {
    this.settings = settings;
    this.directory = Files.createDirectories(directory).toRealPath();
    this.runner = runner;
    this.batch = new BatchSystem(settings.queues());
    this.notifications = notifications;
  }

  /** Takes a job; it is READY until the thread gets to it. */
  Job submit(String owner, ObjectNode submitted) {
    return submit(owner, submitted, null);
  }

  private Job submit(String owner, ObjectNode submitted, Job allocation) {
    String id = newId();
    Job job = new Job(id, owner, submitted, directory.resolve(id));
    jobs.put(id, job);
    if (allocation != null) {
      allocationOf.put(id, allocation.id);
    }
    boolean autoStart = !Boolean.parseBoolean(Json.text(submitted, "haveClientStageIn"));
    thread.execute(() -> prepare(job, autoStart));
    return job;
  }

  /**
   * Takes a job that is to run inside an allocation.
   *
   * @throws HttpProblem 500 if the other job is no allocation, or is not running
   */
  Job submitInto(Job allocation, String owner, ObjectNode task) {
    checkIsAllocation(allocation);
    if (allocation.status() != Job.Status.RUNNING) {
      throw notSubmitted(
          "Allocation is not active. Status is "
              + (allocation.isFinished() ? "DONE" : allocation.status()));
    }
    ObjectNode copy = task.deepCopy().put("Job type", JobType.ON_LOGIN_NODE.name());
    Map<String, String> environment = Json.map(task.get("Environment"));
    environment.put("SLURM_JOB_ID", allocation.batchSystemId());
    ObjectNode asObject = Json.object();
    environment.forEach(asObject::put);
    copy.set("Environment", asObject);
    return submit(owner, copy, allocation);
  }

  /** Sees to it that a job is an allocation. */
  void checkIsAllocation(Job job) {
    if (job.type() != JobType.ALLOCATE) {
      throw notSubmitted("This job is not an allocation.");
    }
  }

  private static HttpProblem notSubmitted(String problem) {
    return HttpProblem.serverError(
        "Could not submit task into allocation: java.lang.Exception: " + problem);
  }

  /** The job of that id, or {@code null}. */
  Job find(String id) {
    return jobs.get(id);
  }

  /** The latest run of a job, or {@code null} if it was never queued. */
  Execution execution(Job job) {
    return executions.get(job.id);
  }

  /** Newest first. */
  List<Job> all() {
    List<Job> all;
    synchronized (jobs) {
      all = new ArrayList<>(jobs.values());
    }
    Collections.reverse(all);
    return all;
  }

  /** The jobs a caller may see, newest first. */
  List<Job> of(Caller caller) {
    return all().stream().filter(job -> job.owner.equals(caller.user())).toList();
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
            end(executions.get(job.id));
          }
        });
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

  void delete(Job job) {
    jobs.remove(job.id);
    thread.execute(
        () -> {
          Execution execution = executions.remove(job.id);
          end(execution);
          allocationOf.remove(job.id);
          if (execution != null && execution.isAlive()) {
            execution.running.onExit(() -> SiteFiles.deleteTree(job.directory));
          } else {
            SiteFiles.deleteTree(job.directory);
          }
        });
  }

  private void prepare(Job job, boolean autoStart) {
    try {
      Files.createDirectories(job.directory, OWNER_AND_GROUP);
      job.log("Created job directory <" + job.directory + "/>");
      if (job.submitted.isEmpty()) {
        job.log("Empty job description, nothing to do.");
        job.succeeded();
        return;
      }
      JobDescription description = JobDescription.parse(job.submitted, settings.applications());
      job.description(description);
      stageIn(job, description);
      job.ready();
      if (autoStart) {
        pend(job);
      }
    } catch (JobRefusedException | IOException e) {
      job.log("ERROR: " + e.getMessage());
      fail(job, REFUSED + e.getMessage());
    }
  }

  private static void stageIn(Job job, JobDescription description)
      throws IOException, JobRefusedException {
    if (description.imports().isEmpty()) {
      return;
    }
    job.stagingIn();
    for (Map.Entry<String, String> file : description.imports().entrySet()) {
      Path target = SiteFiles.inside(job.directory, file.getKey());
      if (target == null) {
        throw new JobRefusedException(
            "Staging in failed. Reason: <%s> is not inside the job's directory"
                .formatted(file.getKey()));
      }
      Files.createDirectories(target.getParent());
      Files.writeString(target, file.getValue(), StandardCharsets.UTF_8);
    }
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
        runOnLoginNode(job, description);
      } else {
        queue(job, description);
      }
    } catch (JobRefusedException | IOException e) {
      job.log("Could not submit job: " + e.getMessage());
      fail(job, REFUSED + e.getMessage());
      job.log("Status set to DONE - failure.");
    }
  }

  private void fail(Job job, String message) {
    job.failed(message);
    notifications.status(job);
  }

  private void runOnLoginNode(Job job, JobDescription description) throws IOException {
    String allocation = allocationOf.get(job.id);
    if (allocation != null) {
      job.log("Submitting into allocation with ID <%s>".formatted(batchId(allocation)));
    }
    job.log("Execution on login node");
    Execution execution = new Execution(job, null);
    executions.put(job.id, execution);
    startProcess(execution, description);
    String id = "INTERACTIVE_localhost_" + execution.running.pid();
    job.log(
        "Submitted to TSI as [%s DEFAULT_GID] with PID=%s on [localhost]"
            .formatted(job.owner, execution.running.pid()));
    job.queued(id, null);
    job.running(id);
    notifications.status(job);
  }

  private String batchId(String jobId) {
    Execution execution = executions.get(jobId);
    return execution == null ? "N/A" : execution.batchId;
  }

  private void queue(Job job, JobDescription description) throws JobRefusedException {
    Resources resources = description.resources();
    resources.settle(settings.queues());
    job.log("Requesting resources: " + resources);
    job.log("Command is: " + script(job, description));
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
                execution.batchId, queue, resources.nodes(), nodes -> begin(execution, nodes));
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
        startProcess(execution, job.description());
      }
      execution.runtimeEnd =
          later(
              TimeUnit.SECONDS.toMillis(job.description().resources().number("Runtime")),
              () -> end(execution));
    } catch (IOException e) {
      batch.release(execution.batchId);
      job.log("Could not start the job: " + e);
      fail(job, REFUSED + e.getMessage());
      return;
    }
    report(execution, () -> reportRunning(execution));
  }

  private void startProcess(Execution execution, JobDescription description) throws IOException {
    Job job = execution.job;
    String text = script(job, description);
    if (execution.batchId == null) {
      job.log("Command is: " + text);
      job.log("TSI reply: submission OK.");
    }
    Path script = Files.createTempFile(job.directory, "UNICORE_Job_", "");
    Files.writeString(script, text);
    Map<String, String> environment = new LinkedHashMap<>();
    if (execution.batchId != null) {
      environment.put("SLURM_JOB_ID", execution.batchId);
      environment.put("SLURM_NNODES", String.valueOf(execution.nodes.size()));
    }
    execution.running =
        runner.start(
            job.directory,
            script,
            description.stdout(),
            description.stderr(),
            environment,
            directory + "/" + job.id + "#" + ++lastRun);
    execution.started = Instant.now();
    execution.running.onExit(() -> onThread(() -> exited(execution)));
  }

  private static String script(Job job, JobDescription description) {
    String dn = Caller.dn(job.owner).replace(",", ", ");
    return JobScript.of(description, job.directory, dn);
  }

  private void reportRunning(Execution execution) {
    Job job = execution.job;
    if (job.type() == JobType.ALLOCATE) {
      job.exitCode(0);
      job.log("Allocation successful, BSS ID = " + execution.batchId);
    }
    job.running(execution.batchId);
    notifications.status(job);
    notifications.batchStatus(job, "RUNNING");
  }

  /** Ends a run that may wait, run or be over; its nodes are free when its processes are gone. */
  private void end(Execution execution) {
    if (execution == null || execution.over) {
      return;
    }
    for (Map.Entry<String, String> task : allocationOf.entrySet()) {
      if (task.getValue().equals(execution.job.id)) {
        end(executions.get(task.getKey()));
      }
    }
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
    execution.over = true;
    if (execution.runtimeEnd != null) {
      execution.runtimeEnd.cancel(false);
    }
    if (execution.batchId != null) {
      batch.release(execution.batchId);
    }
    report(execution, () -> conclude(execution));
  }

  private void conclude(Execution execution) {
    Job job = execution.job;
    Integer code = job.type() == JobType.ALLOCATE ? Integer.valueOf(0) : exitCode(job);
    if (code == null) {
      job.failed(
          job.type() == JobType.ON_LOGIN_NODE
              ? "Execution was not completed (no exit code file found), please check standard error file <%s>"
                  .formatted(job.description().stderr())
              : "Job did not complete normally on BSS, please check standard error file and job log for more information.");
    } else {
      if (job.type() != JobType.ALLOCATE) {
        job.exitCode(code);
      }
      job.log("Job completed on BSS.");
      if (code == 0 || job.description().anyExitCode()) {
        job.succeeded();
      } else {
        job.failed(
            ("User application exited with non-zero exit code: <%s>. More information might be"
                    + " available in the job's working directory '%s/'")
                .formatted(code, job.directory));
        job.log("Status set to DONE - failure.");
      }
    }
    notifications.status(job);
  }

  private static Integer exitCode(Job job) {
    try {
      return Integer.valueOf(
          Files.readString(job.directory.resolve(JobScript.EXIT_CODE_FILE)).trim());
    } catch (IOException | NumberFormatException notWritten) {
      return null;
    }
  }

  /** Lets the reported state follow after the lag, unless the job has ended or runs anew. */
  private void report(Execution execution, Runnable change) {
    Job job = execution.job;
    later(
        settings.stateLag().toMillis(),
        () -> {
          if (!job.isFinished() && executions.get(job.id) == execution) {
            change.run();
          }
        });
  }

  private Future<?> later(long millis, Runnable task) {
    return thread.schedule(task, millis, TimeUnit.MILLISECONDS);
  }

  private void onThread(Runnable task) {
    if (!thread.isShutdown()) {
      thread.execute(task);
    }
  }

  private String newId() {
    StringBuilder id = new StringBuilder();
    for (int i = 0; i < 11; i++) {
      id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return id.toString();
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

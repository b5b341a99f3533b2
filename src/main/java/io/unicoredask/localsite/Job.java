package io.unicoredask.localsite;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A job as the REST API reports it. What happens to it is decided in {@link JobProcessing}; any
 * thread may read it.
 */
final class Job {
  /** UNICORE's words for a job's state. */
  enum Status {
    READY,
    STAGINGIN,
    QUEUED,
    RUNNING,
    STAGINGOUT,
    SUCCESSFUL,
    FAILED
  }

  private static final DateTimeFormatter LOG_TIME =
      DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss zzz yyyy", Locale.US)
          .withZone(ZoneId.systemDefault());

  final String id;
  final String owner;
  final ObjectNode submitted;
  final Path directory;
  final Instant submissionTime = Instant.now();

  private final List<String> log = new ArrayList<>();
  private List<String> tags;
  private Status status = Status.READY;
  private String statusMessage = "";
  private JobDescription description;
  private String batchSystemId;
  private String queue;
  private Integer exitCode;
  private Instant stagedIn;
  private Instant queuedSince;
  private Instant runningSince;
  private Instant ended;

  Job(String id, String owner, ObjectNode submitted, Path directory) {
    this.id = id;
    this.owner = owner;
    this.submitted = submitted;
    this.directory = directory;
    this.tags = Json.texts(submitted.get("Tags"));
    String dn = Caller.dn(owner);
    log("Created with type 'JSON'");
    log(
        ("Client: Name: %s\nXlogin: uid: [%s], gids: [addingOSgroups: true]\nRole: user: role from"
                + " attribute source\nSecurity tokens: User: %s\nClient's original IP: 127.0.0.1")
            .formatted(dn, owner, dn));
  }

  synchronized void log(String line) {
    log.add(LOG_TIME.format(Instant.now()) + ": " + line);
  }

  synchronized List<String> tags() {
    return tags;
  }

  synchronized void tags(List<String> changed) {
    tags = changed;
  }

  synchronized Status status() {
    return status;
  }

  synchronized boolean isFinished() {
    return status == Status.SUCCESSFUL || status == Status.FAILED;
  }

  /** {@code null} until it has been read and found good. */
  synchronized JobDescription description() {
    return description;
  }

  synchronized void description(JobDescription parsed) {
    description = parsed;
  }

  synchronized JobType type() {
    return description == null ? null : description.type();
  }

  /** {@code null} if the batch system has never seen it. */
  synchronized String batchSystemId() {
    return batchSystemId;
  }

  synchronized void stagingIn() {
    status = Status.STAGINGIN;
    log("Status set to PREPROCESSING (staging in).");
  }

  synchronized void ready() {
    status = Status.READY;
    stagedIn = Instant.now();
    log("Status set to READY.");
  }

  synchronized void pending() {
    status = Status.QUEUED;
    exitCode = null;
    batchSystemId = null;
    queuedSince = null;
    runningSince = null;
    ended = null;
    log("Status set to PENDING.");
  }

  synchronized void queued(String newBatchSystemId, String inQueue) {
    batchSystemId = newBatchSystemId;
    queue = inQueue;
    queuedSince = Instant.now();
  }

  synchronized void running(String newBatchSystemId) {
    status = Status.RUNNING;
    batchSystemId = newBatchSystemId;
    runningSince = Instant.now();
  }

  synchronized void exitCode(int code) {
    exitCode = code;
    log("Exit code " + code);
  }

  synchronized void succeeded() {
    log("End of processing - successful.");
    finish(Status.SUCCESSFUL, "");
    log(
        "Total: %s sec., Stage-in: %s sec., Stage-out: 0 sec."
            .formatted(seconds(submissionTime, ended), seconds(submissionTime, stagedIn)));
  }

  synchronized void failed(String message) {
    finish(Status.FAILED, message);
  }

  private void finish(Status last, String message) {
    ended = Instant.now();
    status = last;
    statusMessage = message;
  }

  /** The part of the job's JSON that notifications carry too. */
  synchronized ObjectNode state() {
    ObjectNode state =
        Json.object()
            .put("status", status.name())
            .put("statusMessage", statusMessage)
            .put("batchSystemID", batchSystemId == null ? "N/A" : batchSystemId);
    if (exitCode != null) {
      state.put("exitCode", String.valueOf(exitCode));
    }
    return state;
  }

  /** The job's JSON but for the links. */
  synchronized ObjectNode render() {
    ObjectNode json = state();
    json.put("owner", Caller.dn(owner));
    json.set("submissionPreferences", Json.object());
    json.set("log", Json.array(log));
    json.set("consumedTime", consumedTime());
    json.set("acl", Json.array(List.of()));
    json.set("tags", Json.array(tags));
    return json.put("submissionTime", Json.time(submissionTime))
        .put("terminationTime", Json.time(submissionTime.plus(Duration.ofDays(30))))
        .put("name", description == null ? "N/A" : description.name())
        .put("jobType", jobType())
        .put("queue", queue == null ? "N/A" : queue);
  }

  private String jobType() {
    if (description == null) {
      return "n/a";
    }
    return description.type() == JobType.RAW ? "BATCH" : description.type().name();
  }

  private ObjectNode consumedTime() {
    boolean successful = status == Status.SUCCESSFUL;
    return Json.object()
        .put("postCommand", "N/A")
        .put("total", successful ? seconds(submissionTime, ended) : "N/A")
        .put("stage-out", successful ? "0" : "N/A")
        .put("queued", seconds(queuedSince, runningSince))
        .put("preCommand", "N/A")
        .put("main", successful ? seconds(runningSince, ended) : "N/A")
        .put("stage-in", seconds(submissionTime, stagedIn));
  }

  private static String seconds(Instant from, Instant to) {
    return from == null || to == null
        ? "N/A"
        : String.valueOf(Duration.between(from, to).toSeconds());
  }
}

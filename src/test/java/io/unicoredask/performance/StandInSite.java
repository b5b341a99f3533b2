package io.unicoredask.performance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Answers like a UNICORE site whose jobs do nothing: those of queue {@code full} wait for ever,
 * those of queue {@code free} run at once, and a scheduler's workers are there as soon as their
 * jobs are. Counts what it is asked.
 */
class StandInSite {

  static final String PATH = "/STANDIN/rest/core";
  static final String COUNTS = "/counts";
  static final int SCHEDULER_PORT = 8786;
  static final int DASHBOARD_PORT = 8787;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String USPACE = "-uspace";
  private static final List<String> OVER = List.of("FAILED", "SUCCESSFUL");

  private final Map<String, Job> jobs = new ConcurrentHashMap<>();
  private final Map<String, Map<String, Job>> byTag = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();
  private final AtomicInteger lastJob = new AtomicInteger();
  private final String base;

  private static final class Job {
    private final String id;
    private final String queue;
    private final List<String> tags;
    private volatile String status;

    private Job(String id, String queue, List<String> tags) {
      this.id = id;
      this.queue = queue;
      this.tags = tags;
      this.status = queue.equals("full") ? "QUEUED" : "RUNNING";
    }

    /** The longest of its tags says which cluster it is for, and as what. */
    private String cluster() {
      return tags.stream()
          .filter(tag -> tag.startsWith("dask-cluster-"))
          .min((one, other) -> one.length() - other.length())
          .orElse("");
    }

    private String purpose() {
      return tags.stream()
          .filter(tag -> tag.startsWith(cluster() + "-"))
          .map(tag -> tag.substring(cluster().length() + 1))
          .findFirst()
          .orElse("");
    }
  }

  /**
   * What is answered.
   *
   * @param location where something new is; null for nothing new
   */
  record Answer(int status, String location, byte[] body) {
    private static Answer json(Object body) {
      try {
        return new Answer(200, null, JSON.writeValueAsBytes(body));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /**
   * @param origin scheme, host and port under which it is reached
   */
  StandInSite(String origin) {
    this.base = origin + PATH;
  }

  /** Answers a request to the site. */
  Answer answer(String method, String uri, byte[] body) throws IOException {
    if (uri.equals(COUNTS)) {
      return Answer.json(counts);
    }
    String path = uri.split("\\?")[0].replaceFirst("^" + PATH + "/?", "");
    List<String> parts = List.of(path.split("/"));
    String first = parts.get(0);
    if (first.equals("jobs")) {
      return jobs(method, uri, parts, body);
    }
    if (first.equals("storages")) {
      return storages(method, parts);
    }
    if (first.equals("factories")) {
      count("factories");
      return Answer.json(
          parts.size() == 1
              ? Map.of("factories", List.of(base + "/factories/default"))
              : Map.of(
                  "resources",
                  Map.of("full", Map.of(), "free", Map.of()),
                  "applications",
                  List.of("dask-scheduler---v1", "dask-worker---v1")));
    }
    count("base");
    return Answer.json(
        Map.of(
            "server",
            Map.of("siteName", "STANDIN", "version", "10"),
            "client",
            Map.of(
                "dn", "CN=me", "role", Map.of("selected", "user"), "xlogin", Map.of("UID", "me"))));
  }

  private Answer jobs(String method, String uri, List<String> parts, byte[] body)
      throws IOException {
    if (parts.size() == 1) {
      return method.equals("POST") ? submit(body) : list(uri);
    }
    Job job = jobs.get(parts.get(1));
    if (job == null) {
      count("unknown job");
      return new Answer(404, null, new byte[0]);
    }
    if (parts.size() == 2) {
      count("job status");
      return Answer.json(properties(job));
    }
    count(parts.get(parts.size() - 1));
    if (parts.contains("abort")) {
      job.status = OVER.get(0);
    }
    return new Answer(204, null, new byte[0]);
  }

  private Answer submit(byte[] body) throws IOException {
    count("submit");
    JsonNode description = JSON.readTree(body);
    List<String> tags = JSON.convertValue(description.path("Tags"), JSON.constructType(List.class));
    Job job =
        new Job(
            "j" + lastJob.incrementAndGet(),
            description.path("Resources").path("Queue").asText("free"),
            tags);
    jobs.put(job.id, job);
    tags.forEach(
        tag -> byTag.computeIfAbsent(tag, any -> new ConcurrentSkipListMap<>()).put(job.id, job));
    return new Answer(201, base + "/jobs/" + job.id, new byte[0]);
  }

  private Answer list(String uri) {
    count("jobs by tag");
    String query = uri.contains("?") ? uri.substring(uri.indexOf('?') + 1) : "";
    int offset = number(query, "offset");
    List<String> found =
        byTag.getOrDefault(text(query, "tags"), Map.of()).keySet().stream()
            .skip(offset)
            .limit(Math.max(number(query, "num"), 1))
            .map(id -> base + "/jobs/" + id)
            .toList();
    return Answer.json(Map.of("jobs", found));
  }

  private static int number(String query, String name) {
    String text = text(query, name);
    return text.isEmpty() ? 0 : Integer.parseInt(text);
  }

  private static String text(String query, String name) {
    return query.replaceFirst("(.*&|^)" + name + "=([^&]*).*|.*", "$2");
  }

  private Map<String, Object> properties(Job job) {
    String url = base + "/jobs/" + job.id;
    return Map.of(
        "status",
        job.status,
        "statusMessage",
        "",
        "batchSystemID",
        job.id,
        "jobType",
        "BATCH",
        "queue",
        job.queue,
        "tags",
        job.tags,
        "_links",
        Map.of(
            "self",
            Map.of("href", url),
            "workingDirectory",
            Map.of("href", base + "/storages/" + job.id + USPACE),
            "forwarding",
            Map.of("href", url + "/forward-port")));
  }

  private Answer storages(String method, List<String> parts) throws IOException {
    if (parts.size() == 1) {
      count("storages");
      return Answer.json(Map.of("storages", List.of(base + "/storages/HOME")));
    }
    Optional<Job> job = Optional.ofNullable(jobs.get(parts.get(1).replace(USPACE, "")));
    if (parts.size() == 2) {
      count("storage");
      return Answer.json(
          Map.of("resourceStatus", "READY", "mountPoint", "/scratch/" + parts.get(1) + "/"));
    }
    count("file");
    boolean written =
        parts.get(parts.size() - 1).equals("dask.json")
            && job.isPresent()
            && job.get().status.equals("RUNNING");
    return method.equals("GET") && written
        ? new Answer(200, null, JSON.writeValueAsBytes(schedulerFile(job.get())))
        : new Answer(method.equals("GET") ? 404 : 204, null, new byte[0]);
  }

  private static ObjectNode schedulerFile(Job job) {
    ObjectNode file = JSON.createObjectNode();
    file.put("type", "Scheduler").put("id", "Scheduler-" + job.id);
    file.put("address", "tcp://127.0.0.1:" + SCHEDULER_PORT).put("started", 1_000_000_000.5);
    file.putObject("services").put("dashboard", DASHBOARD_PORT);
    return file;
  }

  /** Answers a request to the HTTP server of the scheduler that runs as this job. */
  Answer schedulerAnswer(String jobId, String method, String path) {
    count("(scheduler's HTTP API)");
    List<Job> workers =
        byTag.getOrDefault(jobs.get(jobId).cluster(), Map.of()).values().stream()
            .filter(job -> job.status.equals("RUNNING") && job.purpose().startsWith("worker"))
            .toList();
    if (path.equals("/json/counts.json")) {
      return Answer.json(
          Map.of("workers", workers.size(), "tasks", 0, "processing", 0, "idle", 0, "clients", 1));
    }
    if (path.equals("/api/v1/get_workers")) {
      return Answer.json(
          Map.of(
              "num_workers",
              workers.size(),
              "workers",
              workers.stream()
                  .map(job -> Map.of("name", job.purpose(), "address", "tcp://10.0.0.1:" + job.id))
                  .toList()));
    }
    return new Answer(method.equals("POST") ? 200 : 404, null, "{}".getBytes());
  }

  /** Counts something. */
  void count(String kind) {
    counts.computeIfAbsent(kind, any -> new LongAdder()).increment();
  }
}

package io.unicoredask.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.dask.SchedulerHttp;

/**
 * Makes the descriptions of a cluster's jobs from those that the user gave, adding only what is
 * missing and never changing what is there.
 */
class JobDescriptions {

  /** The scheduler file's name in the scheduler job's directory. */
  static final String SCHEDULER_FILE = "dask.json";

  private final ClusterRequest request;
  private final Site site;

  JobDescriptions(ClusterRequest request, Site site) {
    this.request = request;
    this.site = site;
  }

  ObjectNode allocation() {
    ObjectNode job = request.newAllocation().deepCopy();
    job.put("Job type", "ALLOCATE");
    addResources(job);
    return job;
  }

  ObjectNode scheduler() {
    ObjectNode job = startedFrom(request.schedulerJob(), "dask-scheduler");
    addArgument(job, "--port", "0");
    addArgument(job, "--scheduler-file", "./" + SCHEDULER_FILE);
    SchedulerHttp.API_ENVIRONMENT.forEach((name, value) -> addEnvironment(job, name, value));
    return job;
  }

  ObjectNode worker(String name, String schedulerFile) {
    ObjectNode job = startedFrom(request.workerJob(), "dask-worker");
    addArgument(job, "--scheduler-file", schedulerFile);
    addArgument(job, "--name", name);
    addArgument(job, "--nworkers", String.valueOf(request.processes()));
    if (request.threads() != null) {
      addArgument(job, "--nthreads", String.valueOf(request.threads()));
    }
    return job;
  }

  private ObjectNode startedFrom(ObjectNode base, String application) {
    ObjectNode job = base.deepCopy();
    if (!job.hasNonNull("ApplicationName") && !job.hasNonNull("Executable")) {
      job.put("ApplicationName", application);
    }
    addResources(job);
    return job;
  }

  private void addResources(ObjectNode job) {
    addResource(job, "Queue", request.queue(), site.queue());
    addResource(job, "Project", request.project(), site.project());
  }

  private static void addResource(
      ObjectNode job, String name, String requested, String siteDefault) {
    boolean given = job.path("Resources").hasNonNull(name);
    String value = requested != null ? requested : given ? null : siteDefault;
    if (value != null) {
      job.withObject("/Resources").put(name, value);
    }
  }

  private static void addArgument(ObjectNode job, String option, String value) {
    ArrayNode arguments = job.withArray("/Arguments");
    for (JsonNode argument : arguments) {
      if (argument.asText().equals(option) || argument.asText().startsWith(option + "=")) {
        return;
      }
    }
    arguments.add(option).add(value);
  }

  /** UNICORE takes the environment as a list of {@code NAME=value} or as an object. */
  private static void addEnvironment(ObjectNode job, String name, String value) {
    if (job.get("Environment") instanceof ObjectNode environment) {
      if (!environment.has(name)) {
        environment.put(name, value);
      }
      return;
    }
    ArrayNode environment = job.withArray("/Environment");
    for (JsonNode given : environment) {
      if (given.asText().startsWith(name + "=")) {
        return;
      }
    }
    environment.add(name + "=" + value);
  }
}

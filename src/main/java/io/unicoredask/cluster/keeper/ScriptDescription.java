package io.unicoredask.cluster.keeper;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.request.JobDefaults;
import io.unicoredask.cluster.request.ScriptRequest;
import java.util.List;

/** Makes the description of a job that runs a Python script against a cluster's scheduler. */
class ScriptDescription {

  private final ScriptRequest request;
  private final Cluster cluster;
  private final boolean hasTls;
  private final JobDefaults defaults;

  /**
   * @param hasTls whether the cluster has certificates, of which the script shows a client's
   */
  ScriptDescription(ScriptRequest request, Cluster cluster, boolean hasTls) {
    this.hasTls = hasTls;
    this.request = request;
    this.cluster = cluster;
    this.defaults = request.defaults();
  }

  ObjectNode job() {
    ObjectNode job = request.scriptJob().deepCopy();
    if (!JobDescriptions.isGiven(job, "ApplicationName")
        && !JobDescriptions.isGiven(job, "Executable")) {
      job.put("Executable", defaults.python() == null ? "python3" : defaults.python());
    }
    if (cluster.allocation() != null) {
      JobDescriptions.launch(job, defaults);
    } else {
      JobDescriptions.addResource(job, "Queue", request.queue(), defaults.queue());
      JobDescriptions.addResource(job, "Project", request.project(), defaults.project());
    }
    ArrayNode arguments = job.withArray("/Arguments").add(ScriptRequest.FILE);
    request.scriptArguments().forEach(argument -> arguments.add(ShellArgument.of(argument)));
    JobDescriptions.addEnvironment(
        job, "DASK_SCHEDULER_ADDRESS", cluster.scheduler().addressAtSite());
    JobDescriptions.addEnvironment(job, "PYTHONUNBUFFERED", "1");
    if (hasTls) {
      TlsStaging.addEnvironment(job, cluster.scheduler().directory());
    }
    addScript(job);
    WrittenExecutable.makeSafe(job);
    WrittenEnvironment.closeQuotes(job);
    return job;
  }

  private void addScript(ObjectNode job) {
    ObjectNode script = job.objectNode();
    if (request.url() != null) {
      script.put("From", request.url().toString());
    } else {
      script.put("From", "inline://" + ScriptRequest.FILE);
      List.of(request.source().split("\n", -1)).forEach(script.putArray("Data")::add);
    }
    JobDescriptions.addImport(job, ScriptRequest.FILE, script);
  }
}

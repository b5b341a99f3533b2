package io.unicoredask.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.request.ScriptRequest;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.unicore.Job;
import io.unicoredask.unicore.JobNotFoundException;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a Python script as a job at the cluster's site, reads its output while it runs, and its
 * result files when it is over.
 *
 * <p>How the script ended is put down at one look and acted upon at the next, so that it is known
 * of a script that failed as well.
 */
class RunningScript implements ClusterActivity<ScriptRequest> {

  private static final Logger LOG = LoggerFactory.getLogger(RunningScript.class);
  private static final int MAX_FILE_BYTES = 10 * 1024 * 1024;

  private final Sites sites;

  RunningScript(Sites sites) {
    this.sites = sites;
  }

  @Override
  public Progress begin(Cluster cluster, Supplier<ScriptRequest> request) {
    if (cluster.scheduler() == null || cluster.scheduler().port() == null) {
      throw new ClusterException(
          ClusterError.DASK_INVALID_REQUEST,
          "there is no scheduler that the script could use; run it in a cluster that is ready");
    }
    ScriptRequest wanted = request.get();
    Site site = sites.get(cluster.site());
    ObjectNode job = new ScriptDescription(wanted, cluster).job();
    if (cluster.allocation() != null) {
      JobDescriptions.launchWarning(job)
          .ifPresent(warning -> LOG.warn("Cluster {}: {}", cluster.id(), warning));
    }
    String stdout = job.path("Stdout").asText("stdout");
    String stderr = job.path("Stderr").asText("stderr");
    URI url = new Submission(site.unicore()).submitOnce(cluster, "script-" + wanted.run(), job);
    return Progress.waiting(
        cluster.withScript(ScriptJob.submitted(url, stdout, stderr, wanted.resultFiles())),
        "script job submitted");
  }

  @Override
  public Progress look(Cluster cluster, Supplier<ScriptRequest> request) {
    UnicoreSite site = sites.get(cluster.site()).unicore();
    ScriptJob script = cluster.script();
    Job job = job(site, script);
    if (script.isOver()) {
      return Progress.done(cluster, results(site, script, job.workingDirectory()));
    }
    boolean over = job.status().isFinished();
    if (job.workingDirectory() != null) {
      script = new ScriptOutput(site, cluster.id()).read(script, job.workingDirectory(), over);
    }
    if (over) {
      script =
          script
              .with()
              .status(job.status())
              .statusMessage(job.statusMessage())
              .exitCode(job.exitCode())
              .build();
    }
    return Progress.waiting(cluster.withScript(script), "script job " + job.status());
  }

  @Override
  public void abandon(Cluster cluster) {
    ScriptJob script = cluster.script();
    if (!script.isOver()) {
      UnicoreSite site = sites.get(cluster.site()).unicore();
      LOG.info(
          "Cluster {}: nobody waits for {} any more", cluster.id(), site.resolve(script.job()));
      site.abort(script.job());
    }
  }

  private static Job job(UnicoreSite site, ScriptJob script) {
    try {
      return site.job(script.job());
    } catch (JobNotFoundException e) {
      throw new ClusterException(
          ClusterError.DASK_SCRIPT_FAILED,
          "the script's job %s is gone from site '%s'"
              .formatted(site.resolve(script.job()), site.name()),
          e);
    }
  }

  private static Map<String, ResultFile> results(
      UnicoreSite site, ScriptJob script, URI directory) {
    if (!script.endedWell()) {
      throw new ClusterException(ClusterError.DASK_SCRIPT_FAILED, obituary(site, script));
    }
    Map<String, ResultFile> results = new LinkedHashMap<>();
    script
        .resultFiles()
        .forEach((variable, path) -> results.put(variable, result(site, directory, path)));
    return results;
  }

  private static ResultFile result(UnicoreSite site, URI directory, String path) {
    OptionalLong size = site.size(directory, path);
    if (size.isEmpty()) {
      throw new ClusterException(
          ClusterError.DASK_SCRIPT_FAILED,
          "the script ended well, but did not write the result file %s".formatted(path));
    }
    if (size.getAsLong() > MAX_FILE_BYTES) {
      throw new ClusterException(
          ClusterError.DASK_SCRIPT_FAILED,
          "the result file %s has %d bytes; allowed are up to %d. It is in %s at the site."
              .formatted(path, size.getAsLong(), MAX_FILE_BYTES, site.resolve(directory)));
    }
    byte[] content = site.file(directory, path).orElse(new byte[0]);
    return new ResultFile(path.substring(path.lastIndexOf('/') + 1), content);
  }

  private static String obituary(UnicoreSite site, ScriptJob script) {
    StringBuilder text =
        new StringBuilder(
            "the script's job %s ended as %s"
                .formatted(site.resolve(script.job()), script.status()));
    if (script.exitCode() != null) {
      text.append(" with exit code ").append(script.exitCode());
    }
    if (!Objects.requireNonNullElse(script.statusMessage(), "").isBlank()) {
      text.append(": ").append(script.statusMessage().strip());
    }
    return script.output().isBlank()
        ? text.append(" without a word of output").toString()
        : text.append("\nThe end of its output:\n").append(script.output().strip()).toString();
  }
}

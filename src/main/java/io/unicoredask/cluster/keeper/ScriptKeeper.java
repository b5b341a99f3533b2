package io.unicoredask.cluster.keeper;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.unicore.Job;
import io.unicoredask.unicore.JobNotFoundException;
import io.unicoredask.unicore.UnicoreException;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a Python script as a job at the cluster's site, reads its output while it runs, and its
 * result files when it is over. Ends the job when nobody waits for it any more.
 */
class ScriptKeeper extends SideKeeper {

  private static final Logger LOG = LoggerFactory.getLogger(ScriptKeeper.class);

  private volatile ScriptJob last;

  ScriptKeeper(Waiting waiting, ClusterKeeper cluster, Keeping keeping) {
    super(waiting, cluster, keeping, KeeperListener.Kind.SCRIPT, "its script");
  }

  @Override
  public boolean hints(String site, URI job) {
    ScriptJob script = last;
    return script != null && script.job().equals(job) && site.equals(cluster().site());
  }

  @Override
  boolean step() {
    Optional<ScriptRun> run = keeping().records().script(id());
    if (run.isEmpty()) {
      return abandoned();
    }
    if (step(run.get())) {
      return true;
    }
    goesOn();
    return false;
  }

  /** Returns whether it is over. */
  private boolean step(ScriptRun run) {
    try {
      if (run.job().isEmpty()) {
        last = submit(run);
        tell(last, Map.of(), Optional.empty());
        return false;
      }
      return follow(run.job().get());
    } catch (ClusterException e) {
      LOG.warn("Cluster {}: its script failed, {}: {}", cluster().id(), e.error(), e.getMessage());
      tell(last, Map.of(), Optional.of(Outcome.Failed.of(e)));
      return true;
    }
  }

  private ScriptJob submit(ScriptRun run) {
    Cluster now = cluster().cluster();
    if (now.scheduler() == null || !now.scheduler().isListening()) {
      throw new ClusterException(
          ClusterError.DASK_INVALID_REQUEST,
          "there is no scheduler that the script could use; run it in a cluster that is ready");
    }
    Site site = now.at(keeping().sites());
    ObjectNode job =
        new ScriptDescription(run.request(), now, cluster().demand().request().hasTls()).job();
    if (now.allocation() != null) {
      JobDescriptions.launchWarning(job)
          .ifPresent(warning -> LOG.warn("Cluster {}: {}", cluster().id(), warning));
    }
    keeping().permit().require(now.site());
    keeping().acts();
    JobFiles files = JobFiles.of(job);
    URI url = new Submission(site).submitOnce(now, "script-" + run.request().run(), job, true);
    return ScriptJob.submitted(url, files.stdout(), files.stderr(), run.request().resultFiles());
  }

  private boolean follow(ScriptJob before) {
    last = before;
    UnicoreSite site = unicore();
    Job job = job(site, before);
    boolean over = job.status().isFinished();
    ScriptJob script = before;
    if (job.workingDirectory() != null) {
      script = new ScriptOutput(site, cluster().id()).read(script, job.workingDirectory(), over);
    }
    if (over) {
      script = script.over(job.status(), job.statusMessage(), job.exitCode());
    }
    last = script;
    if (over) {
      Map<String, Object> files =
          new HashMap<>(ScriptResults.of(site, script, job.workingDirectory()));
      tell(script, files, Optional.of(new Outcome.Done()));
    } else if (!script.equals(before)) {
      tell(script, Map.of(), Optional.empty());
    }
    return over;
  }

  private UnicoreSite unicore() {
    return cluster().cluster().at(keeping().sites()).unicore();
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

  private void tell(ScriptJob script, Map<String, Object> files, Optional<Outcome> outcome) {
    Map<String, Object> outputs = new HashMap<>(files);
    if (script != null) {
      outputs.put("scriptJobUrl", unicore().resolve(script.job()).toString());
      outputs.put("scriptOutput", script.output());
      if (script.exitCode() != null) {
        outputs.put("scriptExitCode", script.exitCode());
      }
    }
    tell(Optional.ofNullable(script), outputs, outcome);
  }

  /** Returns whether there is no more to be done about it. */
  private boolean abandoned() {
    if (last == null || last.isOver()) {
      return true;
    }
    try {
      keeping().permit().require(cluster().site());
      LOG.info("Cluster {}: nobody waits for {} any more", cluster().id(), last.job());
      unicore().abort(last.job());
      return true;
    } catch (UnicoreException e) {
      LOG.warn("Cluster {}: could not end {}", cluster().id(), last.job(), e);
      return !Outage.isRetryable(e);
    }
  }
}

package io.unicoredask.cluster;

import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.unicore.UnicoreSite;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Reads what the scheduler's job and the worker jobs have written so far. It sees the cluster and
 * changes nothing of it.
 */
class ReadingLogs implements ClusterActivity<ClusterRequest> {

  /** As much as of a result file. */
  static final int MAX_BYTES = 10 * 1024 * 1024;

  /** Each takes three calls to the site, all of them in one look. */
  static final int MAX_JOBS = 500;

  private static final String FILE = "dask-cluster.log";

  private final Sites sites;
  private final String variable;

  /**
   * @param variable the name of the variable that the file is for
   */
  ReadingLogs(Sites sites, String variable) {
    this.sites = sites;
    this.variable = variable;
  }

  @Override
  public Progress begin(Cluster cluster, Supplier<ClusterRequest> request) {
    return Progress.waiting(cluster, "reading what the jobs have written");
  }

  @Override
  public Progress look(Cluster cluster, Supplier<ClusterRequest> request) {
    String logs = logs(cluster, sites.get(cluster.site()).unicore());
    return Progress.done(
        cluster, Map.of(variable, new ResultFile(FILE, logs.getBytes(StandardCharsets.UTF_8))));
  }

  private static String logs(Cluster cluster, UnicoreSite site) {
    StringBuilder text =
        new StringBuilder(
            "Cluster %s at site '%s', %s\n"
                .formatted(
                    cluster.id(), cluster.site(), Instant.now().truncatedTo(ChronoUnit.SECONDS)));
    if (cluster.scheduler() == null) {
      return text.append("There is no job yet.\n").toString();
    }
    List<WorkerJob> all = cluster.workers();
    List<WorkerJob> workers = all.subList(Math.max(0, all.size() - MAX_JOBS + 1), all.size());
    if (workers.size() < all.size()) {
      text.append(
          "The oldest %d of %d worker jobs are left out.\n"
              .formatted(all.size() - workers.size(), all.size()));
    }
    JobOutput output = new JobOutput(site, MAX_BYTES / (1 + workers.size()));
    text.append(output.of("scheduler", cluster.scheduler().job()));
    workers.forEach(worker -> text.append(output.of(worker.name(), worker.job())));
    return text.toString();
  }
}

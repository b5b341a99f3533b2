package io.unicoredask.cluster.keeper;

import io.unicoredask.unicore.UnicoreException;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what a cluster's jobs have written so far, one after the other; what was read is kept when
 * the site refuses a call. Changes nothing of the cluster.
 */
class LogsKeeper extends SideKeeper {

  /** As much as of a result file. */
  static final int MAX_BYTES = 10 * 1024 * 1024;

  /** Each takes three calls to the site. */
  static final int MAX_JOBS = 500;

  private static final String FILE = "dask-cluster.log";

  private final Map<String, String> read = new LinkedHashMap<>();
  private String heading;
  private Map<String, URI> jobs;

  LogsKeeper(Waiting waiting, ClusterKeeper cluster, Keeping keeping) {
    super(waiting, cluster, keeping, KeeperListener.Kind.LOGS, "reading its logs");
  }

  @Override
  boolean step() {
    if (keeping().records().isWaiting(id())) {
      begin();
      read();
      tell();
    }
    return true;
  }

  private void begin() {
    if (jobs != null) {
      return;
    }
    Cluster now = cluster().cluster();
    StringBuilder text =
        new StringBuilder(
            "Cluster %s at site '%s', %s\n"
                .formatted(now.id(), now.site(), Instant.now().truncatedTo(ChronoUnit.SECONDS)));
    jobs = new LinkedHashMap<>();
    if (now.scheduler() == null || now.scheduler().job() == null) {
      text.append("There is no job yet.\n");
    } else {
      jobs.put(SchedulerJob.PURPOSE, now.scheduler().job());
      List<WorkerJob> all = now.workers().stream().filter(worker -> worker.job() != null).toList();
      List<WorkerJob> workers = all.subList(Math.max(0, all.size() - MAX_JOBS + 1), all.size());
      if (workers.size() < all.size()) {
        text.append(
            "The oldest %d of %d worker jobs are left out.\n"
                .formatted(all.size() - workers.size(), all.size()));
      }
      workers.forEach(worker -> jobs.put(worker.name(), worker.job()));
    }
    heading = text.toString();
  }

  private void read() {
    UnicoreSite site = cluster().cluster().at(keeping().sites()).unicore();
    JobOutput output = new JobOutput(site, MAX_BYTES / Math.max(1, jobs.size()));
    UnicoreException refusal = null;
    for (Map.Entry<String, URI> job : jobs.entrySet()) {
      if (!read.containsKey(job.getKey())) {
        try {
          read.put(job.getKey(), output.of(job.getKey(), job.getValue(), files(job.getKey())));
        } catch (UnicoreException e) {
          refusal = e;
        }
      }
    }
    if (refusal != null) {
      throw refusal;
    }
  }

  private JobFiles files(String purpose) {
    return JobFiles.of(cluster().demand().request(), purpose);
  }

  private void tell() {
    StringBuilder text = new StringBuilder(heading);
    jobs.keySet().forEach(job -> text.append(read.get(job)));
    ResultFile file = new ResultFile(FILE, text.toString().getBytes(StandardCharsets.UTF_8));
    tell(Optional.empty(), Map.of("clusterLogs", file), Optional.of(new Outcome.Done()));
    goesOn();
  }
}

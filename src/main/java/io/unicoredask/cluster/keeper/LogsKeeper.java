package io.unicoredask.cluster.keeper;

import io.unicoredask.unicore.UnicoreException;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what a cluster's jobs have written so far, one after the other; what was read is kept when
 * the site refuses a call. Changes nothing of the cluster.
 */
class LogsKeeper implements Keeper {

  /** As much as of a result file. */
  static final int MAX_BYTES = 10 * 1024 * 1024;

  /** Each takes three calls to the site. */
  static final int MAX_JOBS = 500;

  private static final Logger LOG = LoggerFactory.getLogger(LogsKeeper.class);
  private static final String FILE = "dask-cluster.log";

  private final Waiting waiting;
  private final ClusterKeeper cluster;
  private final Keeping keeping;
  private final Outage outage;
  private final Map<String, String> read = new LinkedHashMap<>();
  private Duration pause;
  private String heading;
  private Map<String, URI> jobs;

  LogsKeeper(Waiting waiting, ClusterKeeper cluster, Keeping keeping) {
    this.waiting = waiting;
    this.cluster = cluster;
    this.keeping = keeping;
    this.pause = keeping.pace().shortest();
    this.outage =
        new Outage(
            "Cluster %s: reading its logs".formatted(cluster.id()),
            keeping.records(),
            keeping.incidentAfter());
  }

  @Override
  public String id() {
    return waiting.execution();
  }

  @Override
  public Next turn() {
    try {
      if (!keeping.records().isWaiting(waiting.execution())) {
        return Next.NEVER;
      }
      begin();
      read();
      tell();
      return Next.NEVER;
    } catch (Superseded e) {
      pause = keeping.pace().shortest();
    } catch (Throwable e) {
      hindered(e);
    }
    Next next = Next.in(Pace.spread(pause), true);
    pause = pause.compareTo(keeping.pace().longest()) > 0 ? pause : pause.multipliedBy(2);
    return next;
  }

  private void hindered(Throwable reason) {
    try {
      if (keeping.mayAct()) {
        outage.goesOn(reason, waiting.execution(), keeping.now());
      }
    } catch (Throwable e) {
      LOG.warn("Cluster {}: could not say what keeps its logs from being read", cluster.id(), e);
    }
  }

  private void begin() {
    if (jobs != null) {
      return;
    }
    Cluster now = cluster.cluster();
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
    UnicoreSite site = keeping.sites().get(cluster.site()).unicore();
    JobOutput output = new JobOutput(site, MAX_BYTES / Math.max(1, jobs.size()));
    UnicoreException refusal = null;
    for (Map.Entry<String, URI> job : jobs.entrySet()) {
      if (!read.containsKey(job.getKey())) {
        try {
          read.put(job.getKey(), output.of(job.getKey(), job.getValue()));
        } catch (UnicoreException e) {
          refusal = e;
        }
      }
    }
    if (refusal != null) {
      throw refusal;
    }
  }

  private void tell() {
    if (!keeping.mayAct()) {
      throw new Superseded();
    }
    StringBuilder text = new StringBuilder(heading);
    jobs.keySet().forEach(job -> text.append(read.get(job)));
    ResultFile file = new ResultFile(FILE, text.toString().getBytes(StandardCharsets.UTF_8));
    keeping
        .records()
        .write(
            new SideWriting(
                waiting.execution(),
                Optional.empty(),
                Map.of("clusterLogs", file),
                Optional.of(new Outcome.Done())));
    outage.isOver(waiting.execution());
  }
}

package io.unicoredask.cluster.keeper;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unicoredask.cluster.IsoTime;
import io.unicoredask.cluster.request.TunnelKind;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What people and models read of a cluster: variables that follow from its record. */
final class Outputs {

  /** Long lists in variables cost the engine's database much, and nobody reads them. */
  private static final int MOST_JOBS = 1000;

  private static final String SCHEDULER_ADDRESS = "schedulerAddress";
  private static final String DASHBOARD_URL = "dashboardUrl";

  /** Those that follow from the configuration of this node as well. */
  static final Set<String> OF_THIS_NODE = Set.of(SCHEDULER_ADDRESS, DASHBOARD_URL);

  private static final ObjectMapper JSON = new ObjectMapper();

  private Outputs() {}

  /**
   * The variables by name.
   *
   * @param host what this machine's ports are reached by, as it is written in URLs
   * @param resolve makes the absolute URL of one that is relative to the site
   */
  static Map<String, Object> of(Cluster cluster, String host, UnaryOperator<URI> resolve) {
    Map<String, Object> outputs = new LinkedHashMap<>();
    if (cluster.allocation() != null && cluster.allocation().job() != null) {
      outputs.put("allocationUrl", resolve.apply(cluster.allocation().job()).toString());
    }
    if (cluster.scheduler() != null && cluster.scheduler().job() != null) {
      outputs.put("schedulerJobUrl", resolve.apply(cluster.scheduler().job()).toString());
    }
    times(cluster, outputs);
    jobs(cluster, resolve, outputs);
    if (cluster.connectedWorkers() != null) {
      outputs.put("connectedWorkers", cluster.connectedWorkers());
    }
    if (cluster.tunnel() != null && cluster.tunnel() != TunnelKind.AUTO) {
      outputs.put("tunnelInUse", cluster.tunnel().value());
    }
    if (!cluster.warnings().isEmpty()) {
      outputs.put("clusterWarning", String.join("\n", cluster.warnings()));
    } else if (cluster.restarts() > 0 || cluster.scheduler() != null) {
      outputs.put("clusterWarning", null);
    }
    if (cluster.reached()) {
      outputs.put(
          SCHEDULER_ADDRESS,
          "%s://%s:%d".formatted(cluster.scheduler().protocol(), host, cluster.localPort()));
      if (cluster.localDashboardPort() != null) {
        outputs.put(DASHBOARD_URL, dashboard(cluster, host));
      }
    }
    return outputs;
  }

  private static String dashboard(Cluster cluster, String host) {
    URI place =
        cluster.dashboard() == null ? SchedulerContact.USUAL_DASHBOARD : cluster.dashboard();
    return "%s://%s:%d%s"
        .formatted(place.getScheme(), host, cluster.localDashboardPort(), place.getRawPath());
  }

  /** A job that waits is expected to start; one that runs has an end. */
  private static void times(Cluster cluster, Map<String, Object> outputs) {
    SchedulerJob scheduler = cluster.scheduler();
    AllocationJob allocation = cluster.allocation();
    if (scheduler == null && allocation == null) {
      return;
    }
    JobTimes times =
        scheduler == null || scheduler.job() == null && allocation != null
            ? allocation.times()
            : scheduler.times();
    boolean runs = scheduler != null && scheduler.forwarding() != null;
    outputs.put("expectedStart", runs ? null : IsoTime.of(times.start()));
    outputs.put("schedulerEndsAt", runs ? IsoTime.of(cluster.schedulerEnd()) : null);
  }

  private static void jobs(
      Cluster cluster, UnaryOperator<URI> resolve, Map<String, Object> outputs) {
    List<WorkerJob> all =
        cluster.workers().stream().filter(worker -> worker.job() != null).toList();
    List<WorkerJob> newest = all.subList(Math.max(0, all.size() - MOST_JOBS), all.size());
    outputs.put(
        "workerJobUrls",
        json(
            newest.stream()
                .map(WorkerJob::job)
                .filter(Objects::nonNull)
                .map(resolve)
                .map(URI::toString)
                .toList()));
    Map<String, WorkerJob.Status> status = new LinkedHashMap<>();
    newest.stream()
        .filter(worker -> !worker.over())
        .forEach(worker -> status.put(worker.name(), worker.status()));
    outputs.put("workerJobStatus", json(status));
    Map<String, Object> described = new LinkedHashMap<>();
    newest.stream()
        .filter(worker -> !worker.over())
        .forEach(worker -> described.put(worker.name(), described(worker)));
    outputs.put("workerJobs", json(described));
  }

  private static Map<String, Object> described(WorkerJob worker) {
    Map<String, Object> job = new LinkedHashMap<>();
    job.put("state", worker.status());
    job.put("reason", worker.times().reason());
    job.put("start", IsoTime.of(worker.times().start()));
    job.put("end", IsoTime.of(worker.times().end()));
    job.put("workers", worker.connected());
    return job;
  }

  static Writing.Json json(Object value) {
    try {
      return new Writing.Json(JSON.writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}

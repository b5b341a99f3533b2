package io.unicoredask.cluster.request;

import static java.util.stream.Collectors.joining;

import io.unicoredask.cluster.site.SiteDefaults;
import io.unicoredask.cluster.site.SiteLimits;
import io.unicoredask.cluster.site.Sites;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Reads a {@link ClusterRequest} from loosely typed variables and collects all that is wrong. */
class RequestReader {

  private static final int MAX_WORKERS = 100_000;
  private static final int MAX_JOBS = 10_000;

  private final GivenVariables given;
  private final Sites sites;

  RequestReader(GivenVariables given, Sites sites) {
    this.given = given;
    this.sites = sites;
  }

  ClusterRequest read(ClusterSize lastSize) {
    String siteName = site();
    SiteDefaults defaults = siteName.isEmpty() ? SiteDefaults.NONE : sites.get(siteName).defaults();
    GivenJobs descriptions = new GivenJobs(given, defaults);
    SiteLimits limits = siteName.isEmpty() ? SiteLimits.NONE : sites.get(siteName).limits();
    Object allocation = given.filled("allocation");
    AdaptiveBounds adapt = new GivenAdapt(given, MAX_WORKERS).read();
    ClusterSize size = size(adapt, lastSize);
    boolean allocationIsUrl = allocation instanceof String text && text.strip().startsWith("http");
    ClusterRequest request =
        new ClusterRequest(
            siteName,
            size,
            bounds(size, adapt),
            given.text("queue"),
            given.text("project"),
            given.number("threads", 1, 100_000, null),
            given.number("processes", 1, 10_000, 1),
            descriptions.job("schedulerJob", defaults.schedulerJob(), "--scheduler-file"),
            descriptions.job("workerJob", defaults.workerJob(), "--name", "--nworkers"),
            allocation == null || allocationIsUrl ? null : descriptions.job("allocation", null),
            allocationIsUrl ? url("allocation") : null,
            given.number("localPort", 0, 65535, 4322),
            given.truth("connectDashboard", false),
            given.number("localDashboardPort", 0, 65535, 4323),
            given.truth("waitForStartup", true),
            given.number("minWorkers", 0, MAX_WORKERS, null),
            given.number("maxReplacements", 0, MAX_WORKERS, 10),
            given.truth("dryRun", false),
            given.truth("debug", false),
            given.choice("queueWorkers", QueueWorkers.values(), QueueWorkers::value),
            given.choice("onSchedulerLost", OnSchedulerLost.values(), OnSchedulerLost::value),
            given.duration("idleTimeout", null),
            given.choice("tunnel", TunnelKind.values(), TunnelKind::value),
            clocks(siteName, limits.lifetime()));
    if (request.connectDashboard()
        && request.localPort() != 0
        && request.localPort() == request.localDashboardPort()) {
      given.refuse("localDashboardPort", "a port other than localPort, or 0 for any free one");
    }
    if (request.allocation() != null && !isBelow(request.allocation(), request.site())) {
      given.refuse(
          "allocation", "the URL of a job at the site itself, below " + baseUrl(request.site()));
    }
    refuseMoreJobsThanNodes(request);
    refuseMoreThan(limits, request);
    int jobs = request.size().largest().jobsOf(request.processes());
    if (jobs > MAX_JOBS) {
      given.problem(
          "%s with processes = %d make %d jobs; allowed are up to %d jobs"
              .formatted(request.size(), request.processes(), jobs, MAX_JOBS));
    }
    given.requireNoProblems();
    return request;
  }

  private String site() {
    String name = given.text("site");
    if (name == null && sites.names().size() == 1) {
      return sites.names().iterator().next();
    }
    if (name == null || !sites.names().contains(name)) {
      given.refuse("site", "one of the configured sites " + sites.names());
      return "";
    }
    return name;
  }

  /** Each job takes a node of the allocation, the scheduler's too. */
  private void refuseMoreJobsThanNodes(ClusterRequest request) {
    if (request.newAllocation() == null
        || !request.newAllocation().path("Resources").has("Nodes")) {
      return;
    }
    int nodes = request.newAllocation().path("Resources").path("Nodes").asInt();
    int jobs = 1 + request.size().largest().jobsOf(request.processes());
    if (jobs > nodes) {
      given.problem(
          "%s and the scheduler make %d jobs in an allocation of %d nodes (Resources.Nodes); allowed are as many jobs as nodes"
              .formatted(request.size(), jobs, nodes));
    }
  }

  private void refuseMoreThan(SiteLimits limits, ClusterRequest request) {
    long jobs = request.size().largest().jobsOf(request.processes());
    refuseMoreThan(limits.workers(), jobs * request.processes(), "workers", request);
    refuseMoreThan(limits.jobs(), jobs, "jobs", request);
  }

  private void refuseMoreThan(Integer limit, long made, String what, ClusterRequest request) {
    if (limit != null && made > limit) {
      given.problem(
          "%s = %d with processes = %d makes %d %s, which is not allowed; allowed are up to %d at site '%s' (%s)"
              .formatted(
                  request.adapt() == null ? request.size().variable() : "adapt.maximum",
                  request.size().largest().number(),
                  request.processes(),
                  made,
                  what,
                  limit,
                  request.site(),
                  limitProperty(request.site(), what)));
    }
  }

  private static String limitProperty(String site, String limit) {
    return "unicore-dask.sites.%s.limits.%s".formatted(site, limit);
  }

  private boolean isBelow(URI url, String site) {
    return site.isEmpty() || url.toString().startsWith(baseUrl(site) + "/jobs/");
  }

  private URI baseUrl(String site) {
    return sites.get(site).unicore().baseUrl();
  }

  /** The one that is given; of several the new one. */
  private ClusterSize size(AdaptiveBounds adapt, ClusterSize last) {
    Integer workers = given.number("workers", 0, MAX_WORKERS, null);
    Integer jobs = given.number("jobs", 0, MAX_JOBS, null);
    List<ClusterSize> sizes =
        Stream.of(
                workers == null ? null : ClusterSize.workers(workers),
                jobs == null ? null : ClusterSize.jobs(jobs),
                adapt == null ? null : ClusterSize.within(adapt))
            .filter(Objects::nonNull)
            .toList();
    List<ClusterSize> newOnes = sizes.stream().filter(size -> !size.equals(last)).toList();
    if (sizes.size() > 1 && newOnes.size() != 1) {
      given.problem(
          "%s are given together; allowed is one of them"
              .formatted(sizes.stream().map(ClusterSize::variable).collect(joining(" and "))));
    }
    return !newOnes.isEmpty() ? newOnes.get(0) : last == null ? ClusterSize.workers(0) : last;
  }

  /** A size that stands though its variable is gone has lost only how long to wait. */
  private static AdaptiveBounds bounds(ClusterSize size, AdaptiveBounds given) {
    if (size.most() == null) {
      return null;
    }
    return given != null
        ? given
        : new AdaptiveBounds(size.number(), size.most(), AdaptiveBounds.WAIT_COUNT);
  }

  private Map<TimeLimit, Duration> clocks(String site, Duration longestLife) {
    Map<TimeLimit, Duration> clocks = new EnumMap<>(TimeLimit.class);
    for (TimeLimit clock : TimeLimit.values()) {
      clocks.put(clock, given.duration(clock.variable(), clock.defaultValue()));
    }
    if (longestLife != null && clocks.get(TimeLimit.LIFETIME).compareTo(longestLife) > 0) {
      if (given.text(TimeLimit.LIFETIME.variable()) != null) {
        given.refuse(
            TimeLimit.LIFETIME.variable(),
            "up to %s at site '%s' (%s)"
                .formatted(longestLife, site, limitProperty(site, "lifetime")));
      }
      clocks.put(TimeLimit.LIFETIME, longestLife);
    }
    return clocks;
  }

  private URI url(String name) {
    try {
      return URI.create(given.value(name).toString().strip());
    } catch (IllegalArgumentException e) {
      given.refuse(name, "a job description in JSON, or the URL of a running allocation");
      return null;
    }
  }
}

package io.unicoredask.cluster.request;

import com.fasterxml.jackson.databind.JsonNode;
import io.unicoredask.cluster.site.SiteLimits;
import java.util.ArrayList;
import java.util.List;

/** Finds what is wrong with how large a cluster is to become. */
class SizeCheck {

  private final ClusterRequest request;
  private final int jobs;
  private final List<String> problems = new ArrayList<>();

  private SizeCheck(ClusterRequest request) {
    this.request = request;
    this.jobs = request.size().largest().jobsOf(request.processes());
  }

  /** A sentence for each thing that is wrong. */
  static List<String> problems(ClusterRequest request, SiteLimits limits) {
    SizeCheck check = new SizeCheck(request);
    check.moreJobsThanNodes();
    check.moreThan(limits.workers(), (long) check.jobs * request.processes(), "workers");
    check.moreThan(limits.jobs(), check.jobs, "jobs");
    check.moreThanIsSane();
    return check.problems;
  }

  static String limitProperty(String site, String limit) {
    return "unicore-dask.sites.%s.limits.%s".formatted(site, limit);
  }

  /**
   * Each job takes a node of the allocation, the scheduler's too. How many are not said in a number
   * is for the site.
   */
  private void moreJobsThanNodes() {
    JsonNode resources =
        request.newAllocation() == null ? null : request.newAllocation().path("Resources");
    if (resources == null || !resources.has("Nodes")) {
      return;
    }
    int nodes = resources.path("Nodes").asInt(-1);
    if (nodes >= 0 && 1 + jobs > nodes) {
      problems.add(
          "%s and the scheduler make %d jobs in an allocation of %d nodes (Resources.Nodes); allowed are as many jobs as nodes"
              .formatted(request.size(), 1 + jobs, nodes));
    }
  }

  private void moreThan(Integer limit, long made, String what) {
    if (limit != null && made > limit) {
      problems.add(
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

  private void moreThanIsSane() {
    if (jobs > ClusterSize.MAX_JOBS) {
      problems.add(
          "%s with processes = %d make %d jobs; allowed are up to %d jobs"
              .formatted(request.size(), request.processes(), jobs, ClusterSize.MAX_JOBS));
    }
  }
}

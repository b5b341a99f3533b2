package io.unicoredask.cluster.keeper;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.unicore.SiteOffer;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Refuses jobs whose queue or application the site does not have before they are submitted: the
 * site would take them, and fail them later. What the site does not tell is not checked.
 */
class OfferCheck {

  private final ClusterRequest request;
  private final Site site;
  private final Optional<SiteOffer> offer;
  private final Set<String> problems = new LinkedHashSet<>();

  private OfferCheck(ClusterRequest request, Site site, Optional<SiteOffer> offer) {
    this.request = request;
    this.site = site;
    this.offer = offer;
  }

  /** Checks the allocation that is to be made, and the jobs that are to run in it. */
  static void beforeAllocation(ClusterRequest request, Site site) {
    JobDescriptions jobs = new JobDescriptions(request);
    check(
        request,
        site,
        check -> {
          ObjectNode allocation = jobs.allocation();
          check.queue("allocation", request.newAllocation(), allocation);
          check.application("allocation", request.newAllocation(), allocation);
          check.scheduler(jobs, true);
          check.workers(jobs, true);
        });
  }

  /** Checks the scheduler's job and, so that no scheduler waits for them in vain, the workers'. */
  static void beforeScheduler(ClusterRequest request, Site site, Cluster cluster) {
    JobDescriptions jobs = new JobDescriptions(request);
    boolean inAllocation = cluster.allocation() != null;
    check(
        request,
        site,
        check -> {
          check.scheduler(jobs, inAllocation);
          check.workers(jobs, inAllocation);
        });
  }

  /** Checks the worker jobs. */
  static void beforeWorkers(ClusterRequest request, Site site, Cluster cluster) {
    JobDescriptions jobs = new JobDescriptions(request);
    check(request, site, check -> check.workers(jobs, cluster.allocation() != null));
  }

  private static void check(ClusterRequest request, Site site, Consumer<OfferCheck> what) {
    Optional<SiteOffer> known = site.catalogue().offer();
    OfferCheck check = new OfferCheck(request, site, known);
    what.accept(check);
    if (!check.problems.isEmpty()) {
      check = new OfferCheck(request, site, site.catalogue().newer(known));
      what.accept(check);
    }
    if (!check.problems.isEmpty()) {
      throw new ClusterException(
          ClusterError.DASK_INVALID_REQUEST, String.join("; ", check.problems));
    }
  }

  private void scheduler(JobDescriptions jobs, boolean inAllocation) {
    job("schedulerJob", request.schedulerJob(), jobs.scheduler(), inAllocation);
  }

  /** Only if there are to be any: the default application need not be there for none. */
  private void workers(JobDescriptions jobs, boolean inAllocation) {
    if (request.size().largest().number() > 0) {
      ObjectNode worker = jobs.worker("worker", JobDescriptions.SCHEDULER_FILE, false);
      job("workerJob", request.workerJob(), worker, inAllocation);
    }
  }

  /** A job in an allocation has no queue of its own. */
  private void job(String variable, ObjectNode given, ObjectNode finished, boolean inAllocation) {
    if (!inAllocation) {
      queue(variable, given, finished);
    }
    application(variable, given, finished);
  }

  private void queue(String variable, ObjectNode given, ObjectNode finished) {
    String source = "unicore-dask.sites.%s.queue".formatted(site.unicore().name());
    if (request.queue() != null) {
      source = "queue";
    } else if (given.path("Resources").hasNonNull("Queue")) {
      source = variable + ", Resources.Queue";
    }
    require(source, finished.at("/Resources/Queue"), "queues", offer.map(SiteOffer::queues));
  }

  private void application(String variable, ObjectNode given, ObjectNode finished) {
    boolean byDefault = !given.hasNonNull("ApplicationName");
    require(
        variable
            + ", ApplicationName"
            + (byDefault ? " (the default; give another, or an Executable)" : ""),
        finished.path("ApplicationName"),
        "applications",
        offer.map(SiteOffer::applications));
  }

  private void require(String source, JsonNode wanted, String kind, Optional<Set<String>> offered) {
    String value = wanted.asText("");
    Set<String> allowed = new TreeSet<>(offered.orElse(Set.of()));
    if (!value.isEmpty() && !allowed.isEmpty() && !allowed.contains(value)) {
      problems.add(
          "%s = %s is not allowed; allowed are the %s of site '%s', %s"
              .formatted(source, value, kind, site.unicore().name(), allowed));
    }
  }
}

package io.unicoredask.cluster;

import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.unicore.Job;
import io.unicoredask.unicore.UnicoreException;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.util.function.Supplier;

/** Makes an allocation, or takes one that is given, and waits until it takes jobs. */
class Allocating implements ClusterActivity<ClusterRequest> {

  private static final int FORBIDDEN = 403;

  private final Sites sites;

  Allocating(Sites sites) {
    this.sites = sites;
  }

  @Override
  public Progress begin(Cluster cluster, Supplier<ClusterRequest> request) {
    ClusterRequest wanted = request.get();
    if (wanted.allocation() != null) {
      return look(
          cluster.withAllocation(sites.get(cluster.site()).unicore().relative(wanted.allocation())),
          request);
    }
    if (wanted.newAllocation() == null) {
      return Progress.done(cluster);
    }
    Site site = sites.get(cluster.site());
    OfferCheck.beforeAllocation(wanted, site);
    URI allocation =
        new Submission(site.unicore())
            .submitOnce(cluster, "allocation", new JobDescriptions(wanted).allocation());
    return Progress.waiting(
        cluster.with().allocation(allocation).ownsAllocation(true).build(), "allocation submitted");
  }

  @Override
  public Progress look(Cluster cluster, Supplier<ClusterRequest> request) {
    URI url = cluster.allocation();
    UnicoreSite site = sites.get(cluster.site()).unicore();
    Job job = read(url, site);
    if (job.jobType() != null && !job.jobType().equals("ALLOCATE")) {
      throw new ClusterException(
          ClusterError.DASK_INVALID_REQUEST,
          "allocation = %s is a job of type %s; allowed is a job of type ALLOCATE"
              .formatted(site.resolve(url), job.jobType()));
    }
    return job.isUsableAllocation()
        ? Progress.done(cluster)
        : Progress.waiting(cluster, "allocation " + job.status());
  }

  private static Job read(URI url, UnicoreSite site) {
    try {
      return new JobWatch(site).alive(url, ClusterError.DASK_ALLOCATION_FAILED, "allocation");
    } catch (UnicoreException e) {
      if (e.status() != FORBIDDEN) {
        throw e;
      }
      // Throws if it is us whom the site refuses, and not the allocation.
      String user = site.info().uid();
      throw new ClusterException(
          ClusterError.DASK_INVALID_REQUEST,
          "allocation = %s belongs to somebody else; allowed is an allocation of user %s at site '%s'"
              .formatted(site.resolve(url), user, site.name()),
          e);
    }
  }
}

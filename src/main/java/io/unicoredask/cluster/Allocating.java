package io.unicoredask.cluster;

import io.unicoredask.unicore.Job;
import java.net.URI;
import java.util.function.Supplier;

/** Makes an allocation, or takes one that is given, and waits until it takes jobs. */
class Allocating implements ClusterActivity<ClusterRequest> {

  private final Sites sites;

  Allocating(Sites sites) {
    this.sites = sites;
  }

  @Override
  public Progress begin(Cluster cluster, Supplier<ClusterRequest> request) {
    ClusterRequest wanted = request.get();
    if (wanted.allocation() != null) {
      return look(cluster.withAllocation(wanted.allocation()));
    }
    if (wanted.newAllocation() == null) {
      return Progress.done(cluster);
    }
    Site site = sites.get(cluster.site());
    OfferCheck.beforeAllocation(wanted, site);
    URI allocation =
        new Submission(site.unicore())
            .submitOnce(
                cluster, "allocation", new JobDescriptions(wanted, site.defaults()).allocation());
    return Progress.waiting(
        cluster.with().allocation(allocation).ownsAllocation(true).build(), "allocation submitted");
  }

  @Override
  public Progress look(Cluster cluster) {
    URI url = cluster.allocation();
    Job job =
        new JobWatch(sites.get(cluster.site()).unicore())
            .alive(url, ClusterError.DASK_ALLOCATION_FAILED, "allocation");
    if (job.jobType() != null && !job.jobType().equals("ALLOCATE")) {
      throw new ClusterException(
          ClusterError.DASK_INVALID_REQUEST,
          "allocation = %s is a job of type %s; allowed is a job of type ALLOCATE"
              .formatted(url, job.jobType()));
    }
    return job.isUsableAllocation()
        ? Progress.done(cluster)
        : Progress.waiting(cluster, "allocation " + job.status());
  }
}

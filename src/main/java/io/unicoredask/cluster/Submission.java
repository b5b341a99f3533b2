package io.unicoredask.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.unicore.UnicoreException;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Submits a job once, however often it is asked to: the site is first asked for a job that carries
 * the tag of this very intent, and one that is found is adopted. A job whose submission was taken
 * while the answer got lost is found like that as well.
 */
class Submission {

  private static final Logger LOG = LoggerFactory.getLogger(Submission.class);

  private final UnicoreSite site;

  Submission(UnicoreSite site) {
    this.site = site;
  }

  URI submitOnce(Cluster cluster, String purpose, ObjectNode job) {
    List<URI> found = site.jobs(JobTags.intent(cluster, purpose));
    if (!found.isEmpty()) {
      LOG.info(
          "Cluster {}: adopting {} as its {}", cluster.id(), site.resolve(found.get(0)), purpose);
      return found.get(0);
    }
    JobTags.add(job, cluster, purpose);
    try {
      URI submitted =
          cluster.allocation() == null
              ? site.submit(job)
              : site.submitInto(cluster.allocation(), job);
      LOG.info(
          "Cluster {}: submitted {} as its {}", cluster.id(), site.resolve(submitted), purpose);
      return submitted;
    } catch (UnicoreException e) {
      if (isRefusal(e)) {
        new JobWatch(site).requireAllocation(cluster);
        throw new ClusterException(
            ClusterError.DASK_JOB_REFUSED,
            "the %s job was refused: %s".formatted(purpose, e.getMessage()),
            e);
      }
      throw e;
    }
  }

  /** Not where it is us whom the site refuses, or where there is nothing at its URL. */
  private static boolean isRefusal(UnicoreException e) {
    return !e.isRetryable() && e.status() >= 400 && !Set.of(401, 403, 404).contains(e.status());
  }
}

package io.unicoredask.cluster.keeper;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.unicore.UnicoreException;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Submits a job once, however often it is asked to: unless nobody can have submitted it yet, the
 * site is first asked for a job that carries the tag of this very intent, and one that is found is
 * adopted. A job whose submission was taken while the answer got lost is found like that as well.
 */
class Submission {

  private static final Logger LOG = LoggerFactory.getLogger(Submission.class);

  private final Site at;
  private final UnicoreSite site;

  Submission(Site at) {
    this.at = at;
    this.site = at.unicore();
  }

  /**
   * The job's URL.
   *
   * @param job its description, which is completed
   * @param mayBeThere whether it may have been submitted before
   * @throws ClusterException if the site does not take it
   */
  URI submitOnce(Cluster cluster, String purpose, ObjectNode job, boolean mayBeThere) {
    Optional<URI> found = mayBeThere ? find(cluster, purpose) : Optional.empty();
    return found.orElseGet(() -> submit(cluster, purpose, job));
  }

  /** The job that was submitted for this purpose, if there is one. */
  Optional<URI> find(Cluster cluster, String purpose) {
    List<URI> found = site.jobs(JobTags.intent(cluster, purpose));
    if (!found.isEmpty()) {
      LOG.info("Cluster {}: adopting {} as its {}", cluster.id(), found.get(0), purpose);
    }
    return found.stream().findFirst();
  }

  private URI submit(Cluster cluster, String purpose, ObjectNode job) {
    complete(job, at, cluster, purpose);
    URI allocation = cluster.allocation() == null ? null : cluster.allocation().job();
    try {
      URI submitted = allocation == null ? site.submit(job) : site.submitInto(allocation, job);
      LOG.info("Cluster {}: submitted {} as its {}", cluster.id(), submitted, purpose);
      return submitted;
    } catch (UnicoreException e) {
      if (isRefusal(e)) {
        throw refused(allocation, purpose, e);
      }
      throw e;
    }
  }

  /** Adds what every job has: its tags, and who wants to know what becomes of it. */
  static void complete(ObjectNode job, Site site, Cluster cluster, String purpose) {
    JobTags.add(job, cluster, purpose);
    boolean isTaken = job.hasNonNull("Notification") || job.hasNonNull("NotificationSettings");
    if (site.notification() != null && !isTaken) {
      job.put("Notification", site.notification().toString());
    }
  }

  private ClusterException refused(URI allocation, String purpose, UnicoreException e) {
    if (allocation != null
        && new JobReader(site).status(allocation, AllocationJob.PURPOSE)
            instanceof JobSeen.Ended ended) {
      return new ClusterException(ClusterError.DASK_ALLOCATION_FAILED, ended.obituary(), e);
    }
    return new ClusterException(
        ClusterError.DASK_JOB_REFUSED,
        "the %s job was refused: %s".formatted(purpose, e.getMessage()),
        e);
  }

  /** Not where it is us whom the site refuses, or where there is nothing at its URL. */
  private static boolean isRefusal(UnicoreException e) {
    return !e.isRetryable() && e.status() >= 400 && !Set.of(401, 403, 404).contains(e.status());
  }
}

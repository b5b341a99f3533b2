package io.unicoredask.cluster.keeper;

import io.unicoredask.dask.TlsFile;
import io.unicoredask.unicore.Job;
import io.unicoredask.unicore.JobNotFoundException;
import io.unicoredask.unicore.UnicoreException;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the keys of a cluster whose jobs are over. Whoever finds one later can do nothing with
 * it, since the cluster's authority is trusted by nobody else; but nobody has to know that.
 */
class KeyFiles {

  private static final Logger LOG = LoggerFactory.getLogger(KeyFiles.class);

  /** A site that cannot delete a file is no reason for a cluster never to end. */
  private static final int MOST_REFUSALS = 3;

  private final UnicoreSite site;
  private final Set<URI> done = new HashSet<>();
  private int refusals;

  KeyFiles(UnicoreSite site) {
    this.site = site;
  }

  /**
   * Deletes them.
   *
   * @param unknown jobs of the cluster of which it is not known whether they are a scheduler's
   * @throws UnicoreException if that could not be done, and is to be tried again
   */
  void delete(Cluster cluster, Collection<URI> unknown) {
    URI scheduler = cluster.scheduler() == null ? null : cluster.scheduler().job();
    List<URI> jobs =
        Stream.concat(Stream.ofNullable(scheduler), unknown.stream())
            .filter(job -> !done.contains(job))
            .toList();
    for (URI job : jobs) {
      try {
        delete(job);
      } catch (UnicoreException e) {
        boolean mayPass = e.status() != 500;
        if (mayPass || ++refusals < MOST_REFUSALS) {
          throw e;
        }
        LOG.warn(
            "Cluster {}: the keys in the directory of {} could not be deleted and stay there, of no"
                + " use to anybody: {}",
            cluster.id(),
            job,
            e.getMessage());
      }
      done.add(job);
    }
  }

  private void delete(URI job) {
    try {
      Job over = site.job(job);
      if (over.workingDirectory() != null) {
        TlsFile.secret().forEach(file -> site.deleteFile(over.workingDirectory(), file.fileName()));
      }
    } catch (JobNotFoundException e) {
      // Its directory went with it.
    }
  }
}

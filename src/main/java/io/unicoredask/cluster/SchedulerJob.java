package io.unicoredask.cluster;

import io.unicoredask.dask.SchedulerFile;
import java.net.URI;

/**
 * The job that runs a cluster's scheduler, and what is known of the scheduler so far.
 *
 * @param job the job's URL
 * @param workingDirectory the storage that is the job's directory; null until the job started
 * @param directory that directory's absolute path at the site, ending in a slash; null until the
 *     job started
 * @param forwarding the URL that forwards a port to the job; null until the job started
 * @param schedulerId the scheduler's own id; null until it wrote its scheduler file
 * @param protocol {@code tcp} or {@code tls}; null until then
 * @param host where the scheduler listens at the site, an IPv6 address without its brackets; null
 *     until then
 * @param port the port of the scheduler; null until then
 * @param dashboardPort the port of its HTTP server; null until then
 */
public record SchedulerJob(
    URI job,
    URI workingDirectory,
    String directory,
    URI forwarding,
    String schedulerId,
    String protocol,
    String host,
    Integer port,
    Integer dashboardPort) {

  static SchedulerJob submitted(URI job) {
    return new SchedulerJob(job, null, null, null, null, null, null, null, null);
  }

  SchedulerJob started(URI workingDirectory, String directory, URI forwarding) {
    return new SchedulerJob(
        job, workingDirectory, directory, forwarding, null, null, null, null, null);
  }

  SchedulerJob listening(SchedulerFile file) {
    return new SchedulerJob(
        job,
        workingDirectory,
        directory,
        forwarding,
        file.id(),
        file.address().getScheme(),
        file.host(),
        file.port(),
        file.dashboardPort());
  }

  /** Where the scheduler listens, as seen at the site. */
  String addressAtSite() {
    return "%s://%s:%d".formatted(protocol, host.contains(":") ? "[" + host + "]" : host, port);
  }

  /** The scheduler file's absolute path at the site. */
  String schedulerFile() {
    return directory + JobDescriptions.SCHEDULER_FILE;
  }
}

package io.unicoredask.cluster.keeper;

import io.soabase.recordbuilder.core.RecordBuilder;
import io.unicoredask.dask.SchedulerFile;
import java.net.URI;
import java.util.regex.Pattern;

/**
 * The job that runs a cluster's scheduler, and what is known of the scheduler so far.
 *
 * @param job the job's URL; null while it is wanted and not known to be submitted
 * @param workingDirectory the storage that is the job's directory; null until it can be used
 * @param directory that directory's absolute path at the site, ending in a slash; null until then
 * @param forwarding the URL that forwards a port to the job; null until the job started
 * @param schedulerId the scheduler's own id; null until it wrote its scheduler file
 * @param protocol {@code tcp} or {@code tls}; null until then
 * @param host where the scheduler listens at the site, an IPv6 address without its brackets; null
 *     until then
 * @param port the port of the scheduler; null until then
 * @param dashboardPort the port of its HTTP server; null until then
 * @param over whether the job was seen to be over
 * @param times what the batch system said of it last
 */
@RecordBuilder
public record SchedulerJob(
    URI job,
    URI workingDirectory,
    String directory,
    URI forwarding,
    String schedulerId,
    String protocol,
    String host,
    Integer port,
    Integer dashboardPort,
    boolean over,
    JobTimes times)
    implements SchedulerJobBuilder.With {

  /** What it is submitted for, unless it replaces one that was lost. */
  static final String PURPOSE = "scheduler";

  /** As Dask writes it; some systems call themselves 127.0.1.1. */
  private static final Pattern LOOPBACK =
      Pattern.compile("127(\\.\\d+){3}|::1|localhost", Pattern.CASE_INSENSITIVE);

  static SchedulerJob wanted() {
    return SchedulerJobBuilder.builder().times(JobTimes.NONE).build();
  }

  SchedulerJob listening(SchedulerFile file) {
    return with()
        .schedulerId(file.id())
        .protocol(file.address().getScheme())
        .host(file.host())
        .port(file.port())
        .dashboardPort(file.dashboardPort())
        .build();
  }

  /** Whether the scheduler has written where it listens. */
  boolean isListening() {
    return host != null;
  }

  /** Where the scheduler listens, as seen at the site. */
  String addressAtSite() {
    return "%s://%s:%d".formatted(protocol, host.contains(":") ? "[" + host + "]" : host, port);
  }

  /**
   * What is wrong with where the scheduler listens, to be put behind what nobody could reach; empty
   * if nothing is. On a site of one node it may well be right.
   */
  String reachHint() {
    return isListening() && LOOPBACK.matcher(host).matches()
        ? "; the scheduler listens at %s, which only its own node reaches: have it listen for the other nodes by the argument --interface or --host of schedulerJob"
            .formatted(addressAtSite())
        : "";
  }

  /** The scheduler file's absolute path at the site. */
  String schedulerFile() {
    return directory + JobDescriptions.SCHEDULER_FILE;
  }
}

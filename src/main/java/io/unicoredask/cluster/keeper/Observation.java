package io.unicoredask.cluster.keeper;

import io.soabase.recordbuilder.core.RecordBuilder;
import io.unicoredask.unicore.Storage;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What one look at a cluster has shown. Empty is what was not looked at.
 *
 * @param allocation its allocation
 * @param scheduler its scheduler's job
 * @param directory the directory of that job, with its URL
 * @param schedulerFile the scheduler's file
 * @param tunnel the way to the scheduler
 * @param workers what the scheduler says of its workers
 * @param workerJobs worker jobs, by their numbers
 * @param quiet whether the scheduler has all that is wanted, and says by itself what changes
 * @param at when that was
 */
@RecordBuilder
record Observation(
    Optional<JobSeen> allocation,
    Optional<JobSeen> scheduler,
    Optional<Directory> directory,
    Optional<FileSeen> schedulerFile,
    Optional<TunnelSeen> tunnel,
    Optional<WorkersSeen> workers,
    Map<Integer, JobSeen> workerJobs,
    boolean quiet,
    Instant at)
    implements ObservationBuilder.With {

  /**
   * A job's directory.
   *
   * @param url its storage
   * @param storage what is known of it
   */
  record Directory(URI url, Storage storage) {}

  /** Nothing was looked at yet. */
  static Observation at(Instant at) {
    return new Observation(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        false,
        at);
  }

  /** Why jobs end that run in it, if it was seen to be over. */
  Optional<String> endOfAllocation() {
    return allocation
        .filter(JobSeen.Ended.class::isInstance)
        .map(seen -> ((JobSeen.Ended) seen).obituary());
  }

  Optional<JobSeen.Ended> endOfScheduler() {
    return scheduler.filter(JobSeen.Ended.class::isInstance).map(JobSeen.Ended.class::cast);
  }
}

package io.unicoredask.cluster.keeper;

import java.net.URI;

/**
 * The allocation that a cluster's jobs run in.
 *
 * @param job its URL; null while it is wanted and not known to be submitted
 * @param own whether it was made for the cluster and ends with it
 * @param over whether it was seen to be over
 * @param times what the batch system said of it last
 */
public record AllocationJob(URI job, boolean own, boolean over, JobTimes times) {

  /** What it is submitted for. */
  static final String PURPOSE = "allocation";

  static AllocationJob wanted() {
    return new AllocationJob(null, true, false, JobTimes.NONE);
  }

  static AllocationJob somebodyElses(URI job) {
    return new AllocationJob(job, false, false, JobTimes.NONE);
  }

  AllocationJob submitted(URI url) {
    return new AllocationJob(url, own, over, times);
  }

  AllocationJob ended() {
    return new AllocationJob(job, own, true, times);
  }

  AllocationJob with(JobTimes known) {
    return new AllocationJob(job, own, over, known);
  }
}

package io.unicoredask.cluster;

import io.soabase.recordbuilder.core.RecordBuilder;
import io.unicoredask.cluster.request.AdaptiveBounds;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.request.ClusterSize;

/**
 * What a cluster that follows its work is adapted to.
 *
 * @param bounds the bounds within which it is
 * @param processes how many workers a new job has
 * @param workers how many workers it was adapted to last; null until the cluster is ready
 * @param fewerWanted how many looks in a row have found fewer wanted
 * @param scaling whether it is about to be scaled to another number
 */
@RecordBuilder
public record Adaptation(
    AdaptiveBounds bounds, int processes, Integer workers, int fewerWanted, boolean scaling)
    implements AdaptationBuilder.With {

  /**
   * As it is asked for by now.
   *
   * @return null if the cluster is to have a size that somebody gives it
   */
  static Adaptation of(ClusterRequest request, Cluster cluster) {
    if (request.adapt() == null) {
      return null;
    }
    Adaptation before = cluster.adaptation();
    Integer workers = before == null ? null : before.workers();
    return new Adaptation(
        request.adapt(),
        request.processes(),
        workers == null ? null : request.adapt().clamp(workers),
        0,
        false);
  }

  /**
   * How many jobs the cluster is to have.
   *
   * @param there how many workers its jobs run, which counts until the cluster is ready: one that
   *     is asked to adapt when it has a size begins from that
   */
  int jobs(int there) {
    return jobsOf(aim(there));
  }

  /**
   * What becomes of it when the scheduler wants so many workers: more are had at once, fewer when
   * they have been wanted for long enough.
   *
   * @param there how many workers the cluster's jobs run
   */
  Adaptation wanting(int wanted, int there) {
    int now = aim(there);
    int next = bounds.clamp(wanted);
    if (jobsOf(next) == jobsOf(now)) {
      return with().workers(now).fewerWanted(0).build();
    }
    if (jobsOf(next) < jobsOf(now) && fewerWanted + 1 < bounds.waitCount()) {
      return with().workers(now).fewerWanted(fewerWanted + 1).build();
    }
    return with().workers(next).fewerWanted(0).scaling(true).build();
  }

  private int aim(int there) {
    return bounds.clamp(workers == null ? there : workers);
  }

  private int jobsOf(int number) {
    return ClusterSize.workers(number).jobsOf(processes);
  }
}

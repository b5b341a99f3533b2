package io.unicoredask.cluster;

import java.util.function.Supplier;

/**
 * One stretch of a cluster's life. It is begun once, and then looked at until it is done.
 *
 * <p>Both methods may be called again with the same cluster, by this process or by another after a
 * crash, and then find what an earlier call did at the site instead of doing it twice. Neither
 * waits for the site longer than a call takes.
 *
 * <p>Both throw {@link ClusterException} when the cluster has failed for good, and {@link
 * io.unicoredask.unicore.UnicoreException} when the site could not be asked; then nothing is known,
 * and the call is repeated later.
 *
 * @param <R> what is asked of it
 */
public interface ClusterActivity<R> {

  /**
   * Does what the activity is for, as far as it can be done without waiting.
   *
   * @param request what is asked for; read only by the activities that need it
   */
  Progress begin(Cluster cluster, Supplier<R> request);

  /** Sees how far it has come since. */
  Progress look(Cluster cluster);

  /**
   * Ends what would go on in vain, since nobody waits for it any more. Only called while this
   * process goes on; what is missed ends with the cluster.
   *
   * @param cluster as it was looked at last
   */
  default void abandon(Cluster cluster) {}
}

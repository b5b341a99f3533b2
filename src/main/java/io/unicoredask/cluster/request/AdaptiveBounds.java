package io.unicoredask.cluster.request;

/**
 * The bounds within which a cluster follows its work. The names are those of Dask's {@code
 * Cluster.adapt()}.
 *
 * @param minimum how many workers it has at least, 0 or more
 * @param maximum how many it has at the most, not less
 * @param waitCount how many looks in a row have to find fewer wanted before workers are ended, 1 or
 *     more
 */
public record AdaptiveBounds(int minimum, int maximum, int waitCount) {

  /** The nearest number of workers within the bounds. */
  public int clamp(int workers) {
    return Math.max(minimum, Math.min(maximum, workers));
  }
}

package io.unicoredask.cluster.request;

/**
 * How large a cluster is to be: so many workers, so many worker jobs of as many workers as a job
 * has processes, or as many workers as its work wants within bounds.
 *
 * @param number how many, or how many at least, 0 or more
 * @param most how many at the most; null if {@code number} is all that is wanted
 * @param unit of what
 */
public record ClusterSize(int number, Integer most, Unit unit) {

  static final int MAX_WORKERS = 100_000;
  static final int MAX_JOBS = 10_000;

  /** What a size counts. */
  public enum Unit {
    /** Dask workers, each a process. */
    WORKERS,
    /** Jobs at the site that run workers. */
    JOBS
  }

  /** So many workers. */
  public static ClusterSize workers(int number) {
    return new ClusterSize(number, null, Unit.WORKERS);
  }

  /** So many worker jobs. */
  public static ClusterSize jobs(int number) {
    return new ClusterSize(number, null, Unit.JOBS);
  }

  /** As many workers as are wanted within these bounds. */
  public static ClusterSize within(AdaptiveBounds bounds) {
    return new ClusterSize(bounds.minimum(), bounds.maximum(), Unit.WORKERS);
  }

  /** The name of the variable that asks for it. */
  public String variable() {
    return most != null ? "adapt" : unit == Unit.WORKERS ? "workers" : "jobs";
  }

  /** The largest that it may become. */
  public ClusterSize largest() {
    return new ClusterSize(most == null ? number : most, null, unit);
  }

  /**
   * How many jobs that takes, at least.
   *
   * @param processes workers per job, 1 or more
   */
  public int jobsOf(int processes) {
    return unit == Unit.JOBS ? number : (number + processes - 1) / processes;
  }

  @Override
  public String toString() {
    if (most != null) {
      return "%d to %d workers".formatted(number, most);
    }
    String what = unit == Unit.WORKERS ? "worker" : "job";
    return "%d %s%s".formatted(number, what, number == 1 ? "" : "s");
  }
}

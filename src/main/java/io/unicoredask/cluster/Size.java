package io.unicoredask.cluster;

/**
 * How large a cluster is to be: so many workers, or so many worker jobs of as many workers as a job
 * has processes.
 *
 * @param number how many, 0 or more
 * @param unit of what
 */
public record Size(int number, Unit unit) {

  /** What a size counts. */
  public enum Unit {
    /** Dask workers, each a process. */
    WORKERS,
    /** Jobs at the site that run workers. */
    JOBS
  }

  /** So many workers. */
  public static Size workers(int number) {
    return new Size(number, Unit.WORKERS);
  }

  /** So many worker jobs. */
  public static Size jobs(int number) {
    return new Size(number, Unit.JOBS);
  }

  /**
   * How many jobs that takes.
   *
   * @param processes workers per job, 1 or more
   */
  public int jobsOf(int processes) {
    return unit == Unit.JOBS ? number : (number + processes - 1) / processes;
  }

  /** Reads what {@link #toString()} wrote. */
  public static Size parse(String text) {
    String[] parts = text.split(" ");
    return new Size(
        Integer.parseInt(parts[0]), parts[1].startsWith("worker") ? Unit.WORKERS : Unit.JOBS);
  }

  @Override
  public String toString() {
    String what = unit == Unit.WORKERS ? "worker" : "job";
    return "%d %s%s".formatted(number, what, number == 1 ? "" : "s");
  }
}

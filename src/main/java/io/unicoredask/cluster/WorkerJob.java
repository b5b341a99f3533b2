package io.unicoredask.cluster;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.net.URI;
import java.util.OptionalInt;

/**
 * A job that runs workers.
 *
 * @param number its number in the cluster, from 1 on, never used twice
 * @param name the name its workers have at the scheduler, with {@code -0}, {@code -1} … behind it
 *     if there are several
 * @param job the job's URL
 * @param processes how many workers it runs
 * @param status how far it was when it was last looked at
 * @param wasConnected whether the scheduler ever had its workers
 */
public record WorkerJob(
    int number, String name, URI job, int processes, Status status, boolean wasConnected) {

  /** How far a worker job is. */
  public enum Status {
    /** It has not begun yet. */
    QUEUED,
    /** It runs, but the scheduler does not have all of its workers. */
    RUNNING,
    /** The scheduler has its workers. */
    CONNECTED,
    /** It is about to be ended, since the cluster is to be smaller. */
    RETIRING,
    /** It is over, though nobody ended it. */
    LOST
  }

  static WorkerJob submitted(int number, URI job, int processes) {
    return new WorkerJob(number, name(number), job, processes, Status.QUEUED, false);
  }

  @JsonIgnore
  boolean isRetiring() {
    return status == Status.RETIRING;
  }

  WorkerJob in(Status status) {
    return new WorkerJob(
        number, name, job, processes, status, wasConnected || status == Status.CONNECTED);
  }

  private static final String NAME = "worker-";

  /** The name of the worker job with this number. */
  static String name(int number) {
    return NAME + number;
  }

  /** The number of the worker job with this name; none if it is no such name. */
  static OptionalInt number(String name) {
    return name.matches(NAME + "\\d{1,9}")
        ? OptionalInt.of(Integer.parseInt(name.substring(NAME.length())))
        : OptionalInt.empty();
  }

  /** Whether the scheduler's worker of that name is one of this job's. */
  boolean runs(String workerName) {
    return workerName.equals(name)
        || (workerName.startsWith(name + "-")
            && workerName.substring(name.length() + 1).chars().allMatch(Character::isDigit));
  }
}

package io.unicoredask.cluster.keeper;

import java.net.URI;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A job that runs workers.
 *
 * @param number its number in the cluster, from 1 on, never used twice
 * @param job the job's URL; null while it is wanted and not known to be submitted
 * @param processes how many workers it runs
 * @param status how far it was when it was last looked at
 * @param wasConnected whether the scheduler ever had its workers
 * @param over whether it was seen to be over while the cluster is torn down or started anew
 */
public record WorkerJob(
    int number, URI job, int processes, Status status, boolean wasConnected, boolean over) {

  /** How far a worker job is. */
  public enum Status {
    /** It is on record that it is wanted; whether it was submitted is not known yet. */
    WANTED,
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

  private static final String NAME = "worker-";
  private static final Pattern JOB = Pattern.compile(NAME + "\\d{1,9}");
  private static final Pattern WORKER = Pattern.compile(NAME + "([1-9]\\d{0,8})(-\\d*)?");

  static WorkerJob wanted(int number, int processes) {
    return new WorkerJob(number, null, processes, Status.WANTED, false, false);
  }

  /** The name its workers have at the scheduler, with -0, -1 … behind it if there are several. */
  public String name() {
    return name(number);
  }

  boolean isRetiring() {
    return status == Status.RETIRING;
  }

  WorkerJob submitted(URI url) {
    return new WorkerJob(
        number,
        url,
        processes,
        status == Status.WANTED ? Status.QUEUED : status,
        wasConnected,
        over);
  }

  WorkerJob in(Status status) {
    return new WorkerJob(
        number, job, processes, status, wasConnected || status == Status.CONNECTED, over);
  }

  WorkerJob ended() {
    return new WorkerJob(number, job, processes, status, wasConnected, true);
  }

  /** The name of the worker job with this number. */
  static String name(int number) {
    return NAME + number;
  }

  /** The number of the worker job with this name; none if it is no such name. */
  static OptionalInt number(String name) {
    return JOB.matcher(name).matches()
        ? OptionalInt.of(Integer.parseInt(name.substring(NAME.length())))
        : OptionalInt.empty();
  }

  /** Whether the scheduler's worker of that name is run by a job with one of these numbers. */
  static boolean isOneOf(Set<Integer> numbers, String workerName) {
    return numberOf(workerName).stream().anyMatch(numbers::contains);
  }

  /** The number of the job that runs the scheduler's worker of that name; none if none does. */
  static OptionalInt numberOf(String workerName) {
    Matcher name = WORKER.matcher(workerName);
    return name.matches() ? OptionalInt.of(Integer.parseInt(name.group(1))) : OptionalInt.empty();
  }
}

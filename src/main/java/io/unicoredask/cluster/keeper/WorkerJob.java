package io.unicoredask.cluster.keeper;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
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
 * @param connected how many of its workers the scheduler had when it was last asked
 * @param leaving whether it is to be retired when another has come in its place, since its time is
 *     nearly over
 * @param times what the batch system said of it last
 */
@RecordBuilder
public record WorkerJob(
    int number,
    URI job,
    int processes,
    Status status,
    boolean wasConnected,
    boolean over,
    int connected,
    boolean leaving,
    JobTimes times)
    implements WorkerJobBuilder.With {

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

  /** A worker needs seconds, on a slow file system some more. */
  private static final Duration UNTIL_CONNECTED = Duration.ofSeconds(30);

  private static final String NAME = "worker-";
  private static final Pattern JOB = Pattern.compile(NAME + "\\d{1,9}");
  private static final Pattern WORKER = Pattern.compile(NAME + "([1-9]\\d{0,8})(-\\d*)?");

  static WorkerJob wanted(int number, int processes) {
    return new WorkerJob(
        number, null, processes, Status.WANTED, false, false, 0, false, JobTimes.NONE);
  }

  /** The name its workers have at the scheduler, with -0, -1 … behind it if there are several. */
  public String name() {
    return name(number);
  }

  /** Whether it has run for so long that its workers should be connected, and are not. */
  boolean isLate(Instant now) {
    return status == Status.RUNNING
        && times.start() != null
        && times.start().plus(UNTIL_CONNECTED).isBefore(now);
  }

  /** Whether it counts among those that are wanted. */
  boolean isStaying() {
    return !isRetiring() && !leaving;
  }

  boolean isRetiring() {
    return status == Status.RETIRING;
  }

  WorkerJob submitted(URI url) {
    return with().job(url).status(status == Status.WANTED ? Status.QUEUED : status).build();
  }

  WorkerJob in(Status status) {
    return with().status(status).wasConnected(wasConnected || status == Status.CONNECTED).build();
  }

  WorkerJob ended() {
    return withOver(true);
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

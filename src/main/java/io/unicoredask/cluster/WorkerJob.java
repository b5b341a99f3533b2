package io.unicoredask.cluster;

import java.net.URI;

/**
 * A job that runs workers.
 *
 * @param number its number in the cluster, from 1 on, never used twice
 * @param name the name its workers have at the scheduler, with {@code -0}, {@code -1} … behind it
 *     if there are several
 * @param job the job's URL
 * @param processes how many workers it runs
 */
public record WorkerJob(int number, String name, URI job, int processes) {

  /** Whether the scheduler's worker of that name is one of this job's. */
  boolean runs(String workerName) {
    return workerName.equals(name)
        || (workerName.startsWith(name + "-")
            && workerName.substring(name.length() + 1).chars().allMatch(Character::isDigit));
  }
}

package io.unicoredask.camunda;

import java.time.Duration;

/**
 * How often the sites are searched for jobs that belong to no cluster.
 *
 * @param interval the time between two searches
 * @param grace how long a job has to be found unwanted until it is ended
 */
public record SweepPace(Duration interval, Duration grace) {}

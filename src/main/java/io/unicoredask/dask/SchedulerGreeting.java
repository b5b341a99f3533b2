package io.unicoredask.dask;

/**
 * What a Dask scheduler says of itself to whoever connects.
 *
 * @param python the version of the Python it runs on, {@code 3.11.7}; null if it speaks TLS, since
 *     it then introduces itself to members of the cluster only
 */
public record SchedulerGreeting(String python) {}

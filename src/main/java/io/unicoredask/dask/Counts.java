package io.unicoredask.dask;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What a scheduler counts. Clients are left out: the scheduler counts one where there is none.
 *
 * @param workers the workers that are registered
 * @param cores the threads of all workers together
 * @param tasks the tasks the scheduler knows, finished ones that are still wanted included
 * @param processing the tasks that workers have been given
 * @param waiting the tasks that wait for other tasks
 * @param unrunnable the tasks that no worker can take, as while there are no workers
 * @param erred the tasks that failed
 * @param idle the workers that could take more tasks
 */
public record Counts(
    @JsonProperty(required = true) int workers,
    @JsonProperty(required = true) int cores,
    @JsonProperty(required = true) int tasks,
    int processing,
    int waiting,
    int unrunnable,
    int erred,
    int idle) {}

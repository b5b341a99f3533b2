package io.unicoredask.cluster.keeper;

import io.unicoredask.dask.SchedulerHttpException;
import io.unicoredask.dask.SchedulerWorker;
import io.unicoredask.dask.WorkerLoad;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What the scheduler has said of its workers. */
sealed interface WorkersSeen {

  /**
   * It has answered.
   *
   * @param connected how many of the cluster's workers it has
   * @param workers those that it has; nothing if it does not tell them apart
   * @param loads what each has to do and keeps; nothing if it was not asked or does not say
   * @param wanted how many workers it would have; nothing if it was not asked or cannot say
   * @param idle whether it is about to end since it was idle for so long as it may
   */
  record Told(
      int connected,
      Optional<List<SchedulerWorker>> workers,
      Optional<List<WorkerLoad>> loads,
      OptionalInt wanted,
      boolean idle)
      implements WorkersSeen {

    /** The numbers of the jobs that have a worker at the scheduler. */
    Set<Integer> numbers() {
      return workers.orElse(List.of()).stream()
          .map(worker -> WorkerJob.numberOf(worker.name()))
          .flatMapToInt(OptionalInt::stream)
          .boxed()
          .collect(Collectors.toSet());
    }

    /** How many workers each job has, by its number; nothing if they are not told apart. */
    Optional<Map<Integer, Long>> counts() {
      return workers.map(
          all ->
              all.stream()
                  .map(worker -> WorkerJob.numberOf(worker.name()))
                  .flatMapToInt(OptionalInt::stream)
                  .boxed()
                  .collect(Collectors.groupingBy(number -> number, Collectors.counting())));
    }

    /** Tells of a job whether it has all of its workers; unknown is no. */
    Predicate<WorkerJob> hasAllOf() {
      Map<Integer, Long> counts = counts().orElse(Map.of());
      return job -> workers.isPresent() && counts.getOrDefault(job.number(), 0L) >= job.processes();
    }
  }

  /**
   * It has not.
   *
   * @param reason why not
   * @param relayGone whether its relay cannot be found, though its site is there
   * @param goodbye whether the relay has said that the scheduler is gone
   */
  record Silent(SchedulerHttpException reason, boolean relayGone, boolean goodbye)
      implements WorkersSeen {}
}

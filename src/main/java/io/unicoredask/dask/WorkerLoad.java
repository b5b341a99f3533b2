package io.unicoredask.dask;

/**
 * What a worker has, as the scheduler's info page shows it.
 *
 * @param name the worker's name
 * @param processing the tasks that it has been given and not finished
 * @param inMemory the results that it keeps
 */
public record WorkerLoad(String name, int processing, int inMemory) {

  /** Takes control characters out of the name, and cuts it off if it is too long. */
  public WorkerLoad {
    name = PlainText.of(name, PlainText.NAME);
  }
}

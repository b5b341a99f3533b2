package io.unicoredask.cluster.keeper;

import io.unicoredask.dask.SchedulerHttpException;
import io.unicoredask.dask.SchedulerWorker;
import io.unicoredask.dask.WorkerLoad;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a keeper asks of a scheduler: its agent where there is one, its HTTP server otherwise.
 *
 * <p>Every method throws {@link SchedulerHttpException} while the scheduler cannot be asked.
 */
interface SchedulerContact {

  /** Whether it says by itself what changes, so that it need not be asked again and again. */
  boolean tellsByItself();

  /** The default of Dask. */
  URI USUAL_DASHBOARD = URI.create("http:/status");

  /** Scheme and path of the dashboard. */
  URI dashboard();

  /** Why there is nothing to see on the dashboard; nothing if there is. */
  Optional<String> missingDashboard();

  /** The workers that are registered now; nothing if it does not tell them apart. */
  Optional<List<SchedulerWorker>> workers();

  /** How many workers are registered now, whoever runs them. */
  int workerCount();

  /** How many workers it would have for what there is to do; nothing if it cannot say. */
  OptionalInt wanted();

  /** What each worker has to do and keeps; nothing if it does not say. */
  Optional<List<WorkerLoad>> loads();

  /**
   * Has workers hand their results to others and leave.
   *
   * @param addresses the addresses of workers
   */
  void retire(Collection<String> addresses);

  /** Whether it is about to end since it was idle for so long as it may. */
  boolean endsAsIdle();
}

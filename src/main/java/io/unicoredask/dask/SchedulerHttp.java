package io.unicoredask.dask;

import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A scheduler's HTTP server, the one that also shows the dashboard. Instances are safe for use by
 * many threads. It asks for no authentication.
 *
 * <p>Except for {@link #missingDashboard()}, every method throws {@link SchedulerHttpException}
 * when the server refuses, answers something else than a Dask scheduler does, or cannot be reached.
 */
public interface SchedulerHttp {

  /**
   * The environment that a scheduler needs for {@link #workers()}, {@link #adaptiveTarget()} and
   * {@link #retire}: Dask's own list of routes, and its HTTP API, which is off by default.
   */
  Map<String, String> API_ENVIRONMENT =
      Map.of(
          "DASK_DISTRIBUTED__SCHEDULER__HTTP__ROUTES",
          "['distributed.http.scheduler.prometheus','distributed.http.scheduler.info',"
              + "'distributed.http.scheduler.json','distributed.http.health',"
              + "'distributed.http.proxy','distributed.http.statics',"
              + "'distributed.http.scheduler.api']");

  /**
   * The server at a URL, with a timeout of 10 seconds a call.
   *
   * @param obstacle asked when there is no answer: what is known to stand in the way, such as that
   *     the site refuses to forward
   */
  static SchedulerHttp at(URI base, Supplier<Optional<String>> obstacle) {
    return new FeignSchedulerHttp(base, Duration.ofSeconds(10), obstacle);
  }

  /**
   * The server at a URL.
   *
   * @param base {@code http://host:port}, such as the local end of a tunnel
   * @param timeout how long to wait for an answer, and before that for the connection; at least a
   *     millisecond
   */
  static SchedulerHttp at(URI base, Duration timeout) {
    return new FeignSchedulerHttp(base, timeout, Optional::empty);
  }

  /** What the scheduler has to do and with what. */
  Counts counts();

  /**
   * The workers that are registered now.
   *
   * @return nothing if the scheduler was started without {@link #API_ENVIRONMENT}
   */
  Optional<List<SchedulerWorker>> workers();

  /**
   * How many workers the scheduler would have for what there is to do, as Dask's own adaptive
   * deployments ask it.
   *
   * @return nothing if the scheduler was started without {@link #API_ENVIRONMENT}
   */
  OptionalInt adaptiveTarget();

  /**
   * What each worker has to do and keeps, from a page that is on by default.
   *
   * @return nothing if the scheduler does not show that page, or not as Dask does
   */
  Optional<List<WorkerLoad>> loads();

  /** Why there is nothing to see on the dashboard; nothing if there is, or nobody answers. */
  Optional<String> missingDashboard();

  /**
   * Has workers hand their results to others and leave. The scheduler answers when they are gone,
   * which takes as long as their results take to move; after a timeout it goes on with it, and the
   * call may be repeated.
   *
   * <p>End the workers' jobs, too: some versions of Dask let the nanny of a retired worker start it
   * again, under the same name and another address.
   *
   * @param addresses the addresses of workers
   * @return those of the addresses that are not registered any more
   * @throws SchedulerHttpException if the scheduler refuses and none of the workers has left, or
   *     was started without {@link #API_ENVIRONMENT}
   */
  Set<String> retire(Collection<String> addresses);
}

package io.unicoredask.relay;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The agent in the process of a scheduler, at the far end of a connection to its relay. It says by
 * itself what becomes of the scheduler and its workers, and retires workers when it is asked to.
 */
public interface SchedulerAgent {

  /**
   * How many tasks a worker has been given, and how many results it keeps.
   *
   * @param address where the worker listens, as seen from the site
   * @param processing the tasks that it has been given and not finished
   * @param inMemory the results that it keeps
   */
  record Load(String address, int processing, int inMemory) {}

  /** What it has said, all of it; nothing while that is not known. */
  Optional<AgentReport> report();

  /** Why no more is to be expected of it though its relay is there; nothing as long as it is. */
  Optional<String> failure();

  /**
   * How many workers the scheduler would have for what there is to do. Once asked, the agent says
   * by itself when that changes.
   *
   * @param patience how long to wait for the first answer
   * @throws AgentException if it does not come
   */
  int wanted(Duration patience);

  /**
   * Has the clients that come through the relay find the dashboard at a port of this machine: what
   * they show as its link leads there, from then on and after the connection was lost. An agent of
   * an earlier version does not do it, and nothing is said of that.
   *
   * @param host what this machine is called, as it is written in URLs
   */
  void linkDashboard(String host, int port);

  /**
   * What each worker has to do and keeps.
   *
   * @param patience how long to wait for the answer
   * @throws AgentException if it does not come
   */
  List<Load> loads(Duration patience);

  /**
   * Has workers hand their results to others and leave.
   *
   * @param addresses the addresses of workers
   * @param patience how long to wait for the answer; the agent goes on after it, and the call may
   *     be repeated
   * @return those of the addresses that are not registered any more
   * @throws AgentException if it refuses, or does not answer in time
   */
  Set<String> retire(Collection<String> addresses, Duration patience);
}

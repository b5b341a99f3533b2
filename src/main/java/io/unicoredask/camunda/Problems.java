package io.unicoredask.camunda;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** Collects what is wrong with a request, so that all of it is said in one text. */
class Problems {

  private final Map<String, ClusterError> all = new LinkedHashMap<>();

  /** A value or a name that is not allowed. */
  void invalid(String problem) {
    add(ClusterError.DASK_INVALID_REQUEST, problem);
  }

  void invalid(Collection<String> problems) {
    problems.forEach(this::invalid);
  }

  void add(ClusterError error, String problem) {
    all.putIfAbsent(problem, error);
  }

  /**
   * Refuses the request if there is anything.
   *
   * @throws ClusterException with the code of what was found first, and the text of all
   */
  void require() {
    if (!all.isEmpty()) {
      throw new ClusterException(
          all.values().iterator().next(), OneLine.of(String.join("; ", all.keySet())));
    }
  }
}

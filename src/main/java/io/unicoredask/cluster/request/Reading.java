package io.unicoredask.cluster.request;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import java.util.List;
import java.util.Set;

/**
 * What was read of variables, and all that is wrong with them.
 *
 * @param value what was read; what is refused is in it as if it were not given
 * @param problems a sentence for each thing that is wrong, on one line each
 * @param refused the names of the variables whose values are refused
 * @param <T> what it is
 */
public record Reading<T>(T value, List<String> problems, Set<String> refused) {

  /**
   * What was read, if all of it is allowed.
   *
   * @throws ClusterException with {@link ClusterError#DASK_INVALID_REQUEST} and all problems if it
   *     is not
   */
  public T required() {
    VariableReader.refuse(problems);
    return value;
  }
}

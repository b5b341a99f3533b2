package io.unicoredask.camunda;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import java.util.Optional;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.dao.DuplicateKeyException;

/**
 * Sees to it that a business key leads to one living cluster, since messages go by it. What works
 * in a cluster has that one's, and is reached through it, even if it has a cluster of its own.
 */
class BusinessKeys {

  /** What the engine's own column takes. */
  private static final int LONGEST = 255;

  private final BusinessKeyRows rows;

  BusinessKeys(BusinessKeyRows rows) {
    this.rows = rows;
  }

  /** What is wrong with that of a process instance whose cluster is to be planned. */
  Optional<String> problem(DelegateExecution execution) {
    return tooLong(execution)
        .or(
            () ->
                owner(execution)
                    .filter(owner -> !isWithin(execution, owner))
                    .map(
                        owner ->
                            inUse(
                                execution,
                                StarterAuthorizations.mayRead(execution, owner)
                                    ? "the cluster of process instance " + owner
                                    : "another cluster")));
  }

  /** That the engine cannot keep it, even if there is to be no cluster. */
  Optional<String> tooLong(DelegateExecution execution) {
    String key = execution.getProcessBusinessKey();
    return key == null || key.length() <= LONGEST
        ? Optional.empty()
        : Optional.of(
            "the business key has %d characters; allowed are up to %d, which is what the engine keeps"
                .formatted(key.length(), LONGEST));
  }

  private Optional<String> owner(DelegateExecution execution) {
    String key = execution.getProcessBusinessKey();
    return key == null || key.isBlank()
        ? Optional.empty()
        : rows.instanceWith(execution.getTenantId(), key);
  }

  private static boolean isWithin(DelegateExecution execution, String instance) {
    return Callers.of(execution)
        .map(DelegateExecution::getProcessInstanceId)
        .anyMatch(instance::equals);
  }

  private static String inUse(DelegateExecution execution, String owner) {
    return "the business key %s is that of %s, which messages with it would go to; choose another"
        .formatted(OneLine.name(execution.getProcessBusinessKey()), owner);
  }

  /**
   * Gives a new cluster the business key of its process instance, if there is one.
   *
   * @throws ClusterException with {@link ClusterError#DASK_INVALID_REQUEST} if another cluster gets
   *     it at the same time
   */
  void take(DelegateExecution execution, String cluster) {
    String key = execution.getProcessBusinessKey();
    if (key == null
        || key.isBlank()
        || owner(execution).filter(owner -> isWithin(execution, owner)).isPresent()) {
      return;
    }
    try {
      rows.take(execution.getTenantId(), key, cluster);
    } catch (DuplicateKeyException e) {
      throw new ClusterException(
          ClusterError.DASK_INVALID_REQUEST,
          inUse(execution, "the cluster of a process instance that starts just now"));
    }
  }
}

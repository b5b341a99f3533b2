package io.unicoredask.camunda;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import java.util.Optional;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.dao.DuplicateKeyException;

/**
 * Sees to it that a business key leads to one living cluster, since messages go by it. A process
 * instance that another one has called is reached through that one, and may have its key.
 */
class BusinessKeys {

  /** What the engine's own column takes. */
  private static final int LONGEST = 255;

  private final BusinessKeyRows rows;

  BusinessKeys(BusinessKeyRows rows) {
    this.rows = rows;
  }

  /**
   * Gives a new cluster the business key of its process instance, if there is one.
   *
   * @throws ClusterException with {@link ClusterError#DASK_INVALID_REQUEST} if it is too long, or
   *     another cluster has it
   */
  void take(DelegateExecution execution, String cluster) {
    String key = execution.getProcessBusinessKey();
    if (key == null || key.isBlank()) {
      return;
    }
    if (key.length() > LONGEST) {
      throw refused(
          "the business key has %d characters; allowed are up to %d, which is what the engine keeps"
              .formatted(key.length(), LONGEST));
    }
    if (execution.getProcessInstance().getSuperExecution() != null) {
      return;
    }
    Optional<String> owner = rows.instanceWith(execution.getTenantId(), key);
    if (owner.isPresent()) {
      throw inUse(key, "process instance " + owner.get());
    }
    try {
      rows.take(execution.getTenantId(), key, cluster);
    } catch (DuplicateKeyException e) {
      throw inUse(key, "a process instance that starts just now");
    }
  }

  private static ClusterException inUse(String key, String owner) {
    return refused(
        "the business key %s is that of the cluster of %s, which messages with it would go to; choose another"
            .formatted(key, owner));
  }

  private static ClusterException refused(String text) {
    return new ClusterException(ClusterError.DASK_INVALID_REQUEST, OneLine.of(text));
  }
}

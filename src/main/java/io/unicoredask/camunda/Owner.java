package io.unicoredask.camunda;

import io.unicoredask.camunda.engine.Initiator;
import io.unicoredask.cluster.keeper.ClusterIdentity;
import io.unicoredask.cluster.site.Site;
import java.util.Optional;
import org.camunda.bpm.engine.delegate.DelegateExecution;

/**
 * Whose a cluster is.
 *
 * @param user who has started it, or what it was called by; null if that is not known
 * @param identity whose account at the site it has
 */
record Owner(String user, ClusterIdentity identity) {

  /** That of a cluster that is started by this execution. */
  static Owner of(DelegateExecution execution, Site site) {
    return new Owner(
        Initiator.of(execution).orElse(null),
        site.isUsedUnderOwnNames() ? ClusterIdentity.INITIATOR : ClusterIdentity.SHARED);
  }

  /** Why nothing can be submitted for them. */
  Optional<String> problem(Site site) {
    return identity == ClusterIdentity.SHARED ? Optional.empty() : site.problem(user);
  }
}

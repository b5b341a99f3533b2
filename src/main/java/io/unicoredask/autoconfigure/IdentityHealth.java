package io.unicoredask.autoconfigure;

import io.unicoredask.camunda.DaskRuntime;
import io.unicoredask.cluster.identity.Verdict;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.Status;

/**
 * Whether the engine acts at its sites, or keeps its hands off since it may be a copy of another.
 * No site is asked for it.
 */
class IdentityHealth extends AbstractHealthIndicator {

  private final DaskRuntime runtime;

  IdentityHealth(DaskRuntime runtime) {
    super("The engine's database does not say who the engine is");
    this.runtime = runtime;
  }

  @Override
  protected void doHealthCheck(Health.Builder health) {
    Optional<String> missing = runtime.missingIdentity();
    if (missing.isPresent()) {
      health.outOfService().withDetail("error", missing.get());
      return;
    }
    Map<String, Verdict> verdicts = runtime.verdicts();
    boolean acts = verdicts.values().stream().allMatch(Verdict.Act.class::isInstance);
    health.status(acts ? Status.UP : Status.OUT_OF_SERVICE);
    verdicts.forEach((site, verdict) -> health.withDetail(site, verdict.words()));
  }
}

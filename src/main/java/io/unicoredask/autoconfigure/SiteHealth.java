package io.unicoredask.autoconfigure;

import io.unicoredask.cluster.site.Cached;
import io.unicoredask.unicore.SiteInfo;
import io.unicoredask.unicore.UnicoreSite;
import java.time.Duration;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;

/**
 * Whether a site answers, takes jobs and knows us. The site is asked at the most every ten seconds,
 * however often the endpoint is.
 */
class SiteHealth implements HealthIndicator {

  private static final Duration KEPT = Duration.ofSeconds(10);

  private final UnicoreSite site;
  private final Cached<Health> health = new Cached<>(this::ask, known -> KEPT);

  SiteHealth(UnicoreSite site) {
    this.site = site;
  }

  @Override
  public Health health() {
    return health.get();
  }

  private Health ask() {
    try {
      SiteInfo info = site.info();
      return new Health.Builder(info.acceptsJobs() ? Status.UP : Status.OUT_OF_SERVICE)
          .withDetail("uid", info.uid())
          .withDetail("version", String.valueOf(info.version()))
          .build();
    } catch (RuntimeException e) {
      return Health.down().withDetail("error", String.valueOf(e.getMessage())).build();
    }
  }
}

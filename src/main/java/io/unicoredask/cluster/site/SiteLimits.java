package io.unicoredask.cluster.site;

import java.time.Duration;

/**
 * How large and how old a cluster may become at a site.
 *
 * @param workers how many workers it may have; null for any number
 * @param jobs how many worker jobs it may have; null for any number
 * @param lifetime how long it may live; also the default where that is shorter; null for any time
 */
public record SiteLimits(Integer workers, Integer jobs, Duration lifetime) {

  /** No limits. */
  public static final SiteLimits NONE = new SiteLimits(null, null, null);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a number is negative, or the lifetime is not above zero
   */
  public SiteLimits {
    requireNotNegative("workers", workers);
    requireNotNegative("jobs", jobs);
    if (lifetime != null && (lifetime.isZero() || lifetime.isNegative())) {
      throw new IllegalArgumentException(
          "lifetime = %s; allowed is a duration longer than zero".formatted(lifetime));
    }
  }

  private static void requireNotNegative(String name, Integer number) {
    if (number != null && number < 0) {
      throw new IllegalArgumentException(
          "%s = %d; allowed is a whole number from 0".formatted(name, number));
    }
  }
}

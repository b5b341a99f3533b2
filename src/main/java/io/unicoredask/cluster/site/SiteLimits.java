package io.unicoredask.cluster.site;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How large and how old a cluster may become at a site, and what of the site it may use.
 *
 * @param workers how many workers it may have; null for any number
 * @param jobs how many worker jobs it may have; null for any number
 * @param lifetime how long it may live; also the default where that is shorter; null for any time
 * @param queues the queues that may be asked for; empty for any
 * @param projects the projects that may be asked for; empty for any
 * @param templatesOnly whether job descriptions have to be the site's templates
 * @param arguments those of Dask's arguments that open doors and may be given all the same
 * @param perUser what the clusters of each user may take together
 * @param total what all clusters may take together
 */
@RecordBuilder
public record SiteLimits(
    Integer workers,
    Integer jobs,
    Duration lifetime,
    Set<String> queues,
    Set<String> projects,
    boolean templatesOnly,
    Set<String> arguments,
    Quota perUser,
    Quota total)
    implements SiteLimitsBuilder.With {

  /**
   * Arguments of Dask that give whoever reaches the scheduler, or whoever writes to a file or
   * address, more than Dask itself: a Jupyter server, or code that is loaded.
   */
  public static final Set<String> DOORS =
      Collections.unmodifiableSet(
          new TreeSet<>(Set.of("--jupyter", "--preload", "--preload-nanny")));

  /** No limits. */
  public static final SiteLimits NONE = new SiteLimits(null, null, null);

  /** Limits of the size and the age alone. */
  public SiteLimits(Integer workers, Integer jobs, Duration lifetime) {
    this(workers, jobs, lifetime, Set.of(), Set.of(), false);
  }

  /** Limits of each cluster alone. */
  public SiteLimits(
      Integer workers,
      Integer jobs,
      Duration lifetime,
      Set<String> queues,
      Set<String> projects,
      boolean templatesOnly) {
    this(
        workers, jobs, lifetime, queues, projects, templatesOnly, Set.of(), Quota.NONE, Quota.NONE);
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a number is negative, or the lifetime is not above zero
   */
  public SiteLimits {
    queues = Set.copyOf(queues);
    projects = Set.copyOf(projects);
    arguments = Set.copyOf(arguments);
    if (!DOORS.containsAll(arguments)) {
      throw new IllegalArgumentException(
          "arguments = %s; allowed are %s, which are refused otherwise; all others need not be named"
              .formatted(new TreeSet<>(arguments), DOORS));
    }
    requireNotNegative("workers", workers);
    requireNotNegative("jobs", jobs);
    if (lifetime != null && (lifetime.isZero() || lifetime.isNegative())) {
      throw new IllegalArgumentException(
          "lifetime = %s; allowed is a duration longer than zero".formatted(lifetime));
    }
  }

  /** The name of the limits that have nodes counted, as in the properties; nothing if none has. */
  public Optional<String> countingNodes() {
    if (perUser.limitsNodes()) {
      return Optional.of("per-user");
    }
    return total.limitsNodes() ? Optional.of("total") : Optional.empty();
  }

  private static void requireNotNegative(String name, Integer number) {
    if (number != null && number < 0) {
      throw new IllegalArgumentException(
          "%s = %d; allowed is a whole number from 0".formatted(name, number));
    }
  }
}

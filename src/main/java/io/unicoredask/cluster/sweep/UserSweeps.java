package io.unicoredask.cluster.sweep;

import io.unicoredask.cluster.site.Site;
import io.unicoredask.unicore.UnicoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for jobs that no cluster wants in the accounts of those who use a site under their own
 * names: of each who has a cluster there, and then until nothing is left. Used by one thread at a
 * time.
 */
class UserSweeps {

  private static final Logger LOG = LoggerFactory.getLogger(UserSweeps.class);

  private static final Duration ANYWAY = Duration.ofHours(1);

  private final Site site;
  private final Function<Site, SiteSweep> sweeper;
  private final Accounts accounts;
  private final InstantSource clock;
  private final Map<String, UserSweep> byUser = new HashMap<>();

  /** Somebody's account, and what was seen there last. */
  private static final class UserSweep {

    private final SiteSweep sweep;
    private Set<String> clusters = Set.of();
    private Instant nextAnyway = Instant.MIN;
    private boolean hasAnswered;

    private UserSweep(SiteSweep sweep) {
      this.sweep = sweep;
    }

    private boolean isPending() {
      return hasAnswered && !sweep.isSettled();
    }
  }

  /**
   * @param sweeper makes what looks at a site as somebody sees it
   */
  UserSweeps(Site site, Function<Site, SiteSweep> sweeper, Accounts accounts, InstantSource clock) {
    this.site = site;
    this.sweeper = sweeper;
    this.accounts = accounts;
    this.clock = clock;
  }

  void round(KnownClusters clusters) {
    if (!site.isUsedUnderOwnNames()) {
      return;
    }
    String name = site.unicore().name();
    Map<String, Set<String>> owned = clusters.byUserAt(name);
    Set<String> users = new TreeSet<>(accounts.users(name));
    owned.keySet().stream().filter(users::add).forEach(user -> accounts.add(name, user));
    byUser.keySet().retainAll(users);
    users.forEach(user -> look(user, owned.getOrDefault(user, Set.of()), clusters));
  }

  private void look(String user, Set<String> theirs, KnownClusters clusters) {
    UserSweep one =
        byUser.computeIfAbsent(user, name -> new UserSweep(sweeper.apply(site.as(name))));
    Instant now = clock.instant();
    if (theirs.equals(one.clusters) && !one.isPending() && now.isBefore(one.nextAnyway)) {
      return;
    }
    boolean isLast = theirs.isEmpty() && one.clusters.isEmpty();
    one.clusters = theirs;
    one.nextAnyway = now.plus(ANYWAY);
    one.hasAnswered = false;
    try {
      one.sweep.round(clusters);
      one.hasAnswered = true;
      if (isLast && one.sweep.isSettled()) {
        accounts.remove(site.unicore().name(), user);
        byUser.remove(user);
      }
    } catch (UnicoreException e) {
      LOG.warn("Could not look for jobs that no cluster of '{}' wants: {}", user, e.getMessage());
    }
  }

  /** Whether the last round has left nothing to be looked at soon. */
  boolean isSettled() {
    return byUser.values().stream().noneMatch(UserSweep::isPending);
  }
}

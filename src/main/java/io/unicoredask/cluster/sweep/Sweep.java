package io.unicoredask.cluster.sweep;

import io.unicoredask.cluster.identity.HandsOffException;
import io.unicoredask.cluster.identity.Permit;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.unicore.UnicoreException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the jobs at all sites that carry this engine's tag while none of its clusters wants them.
 * Used by one thread at a time.
 */
public final class Sweep {

  private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);

  private static final int JOBS_ARE_KEPT_FOR_DAYS = 30;

  private final List<SiteSweep> sites;
  private final Map<String, UserSweeps> users = new HashMap<>();
  private final Accounts accounts;
  private final Permit permit;

  /**
   * @param sites where to look
   * @param installation the engine's own part of the ids of its clusters
   * @param grace how long a job has to be unwanted until it is ended
   * @param permit lets this engine act at a site
   * @param accounts who has had clusters under their own names
   */
  public Sweep(Sites sites, String installation, Duration grace, Permit permit, Accounts accounts) {
    this.permit = permit;
    this.accounts = accounts;
    Function<Site, SiteSweep> sweeper =
        site -> new SiteSweep(site.unicore(), installation, grace, permit, InstantSource.system());
    this.sites = sites.names().stream().map(sites::get).map(sweeper).toList();
    sites
        .names()
        .forEach(
            name ->
                users.put(
                    name,
                    new UserSweeps(sites.get(name), sweeper, accounts, InstantSource.system())));
  }

  /**
   * Looks at all sites once where the engine may act. One that cannot be asked is left for the next
   * time.
   *
   * @return the names of the sites that answered
   */
  public Set<String> round(KnownClusters clusters) {
    Set<String> answering = new HashSet<>();
    accounts.forgetBefore(JOBS_ARE_KEPT_FOR_DAYS);
    for (SiteSweep site : sites) {
      try {
        permit.require(site.name());
        users.get(site.name()).round(clusters);
        site.round(clusters);
        answering.add(site.name());
      } catch (HandsOffException e) {
        LOG.debug("Nothing is swept: {}", e.getMessage());
      } catch (UnicoreException e) {
        LOG.warn("Could not look for jobs that no cluster wants: {}", e.getMessage());
      }
    }
    return answering;
  }

  /** Whether the last round has found no job at any site that is neither over nor on record. */
  public boolean isSettled() {
    return sites.stream().allMatch(SiteSweep::isSettled)
        && users.values().stream().allMatch(UserSweeps::isSettled);
  }
}

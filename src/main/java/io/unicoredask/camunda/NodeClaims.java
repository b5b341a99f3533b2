package io.unicoredask.camunda;

import io.unicoredask.cluster.identity.Identity;
import io.unicoredask.cluster.identity.Permit;
import io.unicoredask.cluster.identity.SiteClaims;
import io.unicoredask.cluster.identity.Verdict;
import io.unicoredask.cluster.keeper.Keepers;
import io.unicoredask.cluster.site.Sites;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine's claims at its sites, made and given up by the node that looks after the clusters.
 */
class NodeClaims {

  private static final Logger LOG = LoggerFactory.getLogger(NodeClaims.class);

  /** How long the end of the engine waits for its sites. */
  private static final Duration RELEASE = Duration.ofSeconds(3);

  private final Sites sites;
  private final Installation installation;
  private final IdentitySettings settings;
  private final Supplier<EngineDatabase> database;
  private boolean hasLed;
  private volatile SiteClaims claims;

  /**
   * @param database asked for when first needed
   */
  NodeClaims(
      Sites sites,
      Installation installation,
      IdentitySettings settings,
      Supplier<EngineDatabase> database) {
    this.sites = sites;
    this.installation = installation;
    this.settings = settings;
    this.database = database;
  }

  /** So that it acts at once when it takes over from another node. */
  void register() {
    try {
      records().register(fingerprint());
    } catch (RuntimeException e) {
      LOG.warn(
          "This node could not be noted in the engine's database; if it takes over from another, it"
              + " may wait before it acts",
          e);
    }
  }

  /**
   * Begins to claim the sites.
   *
   * @param leads whether this node, and no other, looks after the clusters
   * @return lets this engine act at a site
   */
  Permit begin(BooleanSupplier leads) {
    boolean takeOver = settings.takeOver() && !hasLed;
    SiteClaims begun =
        new SiteClaims(
            sites,
            new Identity(installation.id(), fingerprint(), settings.probation(), takeOver),
            records(),
            leads);
    hasLed = true;
    claims = begun;
    return begun;
  }

  /**
   * Has all sites looked at from time to time: a copy is to be seen before it acts.
   *
   * @param otherwise how often, where an engine that runs elsewhere than before does not wait
   */
  void renewWith(Keepers keepers, Duration otherwise) {
    SiteClaims begun = claims;
    Duration half = settings.probation().dividedBy(2);
    Duration pause = half.isZero() ? otherwise : half;
    sites.names().forEach(site -> keepers.repeat(() -> begun.renew(site), pause));
  }

  /**
   * This node no longer looks after the clusters.
   *
   * @param released whether the sites are told that nothing acts there now
   */
  void end(boolean released) {
    SiteClaims ended = claims;
    claims = null;
    if (released && ended != null) {
      ended.release(RELEASE);
    }
  }

  /**
   * By site, whether the engine may act there; without those that it has not asked yet, and empty
   * on a node that does not look after the clusters.
   */
  Map<String, Verdict> verdicts() {
    SiteClaims now = claims;
    return now == null ? Map.of() : now.verdicts();
  }

  private ClaimRows records() {
    return new ClaimRows(new PropertyRows(database.get()));
  }

  private String fingerprint() {
    return Identity.fingerprint(settings.host(), url(database.get().dataSource()));
  }

  private static String url(DataSource source) {
    try (Connection connection = source.getConnection()) {
      return connection.getMetaData().getURL();
    } catch (SQLException e) {
      throw new IllegalStateException("the engine's database does not say its URL", e);
    }
  }
}

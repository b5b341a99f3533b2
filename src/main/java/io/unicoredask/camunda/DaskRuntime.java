package io.unicoredask.camunda;

import io.unicoredask.camunda.node.Leadership;
import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.identity.Identity;
import io.unicoredask.cluster.identity.SiteClaims;
import io.unicoredask.cluster.identity.Verdict;
import io.unicoredask.cluster.keeper.ClusterTunnels;
import io.unicoredask.cluster.keeper.Keepers;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.site.Sites;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.cfg.TransactionState;
import org.camunda.bpm.engine.impl.context.Context;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the plugin consists of in one engine: the record, the requests, and, on the node that looks
 * after the clusters, their keepers.
 */
public final class DaskRuntime implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DaskRuntime.class);

  private final Sites sites;
  private final ClusterTunnels tunnels;
  private final Supplier<ProcessEngine> engine;
  private final WatchPace watchPace;
  private final SweepPace sweepPace;
  private final IdentitySettings identity;
  private final Requests requests;
  private ClusterTables tables;
  private Leadership leadership;
  private boolean closing;
  private boolean hasLed;
  private volatile SiteClaims claims;
  private volatile Keepers keepers;
  private volatile String installation = "";

  /**
   * @param sites where clusters can run
   * @param tunnels opens the clusters' local ports
   * @param engine the engine whose processes wait; asked for when first needed
   * @param watchPace how often is looked
   * @param sweepPace how often the sites are searched for jobs that belong to no cluster
   * @param identity how this engine is told from copies of it
   */
  public DaskRuntime(
      Sites sites,
      ClusterTunnels tunnels,
      Supplier<ProcessEngine> engine,
      WatchPace watchPace,
      SweepPace sweepPace,
      IdentitySettings identity) {
    this.sites = sites;
    this.tunnels = tunnels;
    this.engine = engine;
    this.watchPace = watchPace;
    this.sweepPace = sweepPace;
    this.identity = identity;
    this.requests = new Requests(sites);
  }

  /**
   * Starts to look after the clusters, as soon as no other node of the engine does. Starting twice
   * does nothing. An engine without an installation id looks after nothing, and says so.
   *
   * @throws IllegalStateException if the engine's database lacks the plugin's tables, and they
   *     cannot be made; the message has the statements that do
   */
  public synchronized void start() {
    if (leadership != null) {
      return;
    }
    if (installation().isEmpty()) {
      LOG.error("{}", NO_IDENTITY);
      return;
    }
    new Schema(configuration()).create();
    closing = false;
    leadership = new Leadership(configuration().getDataSource(), lockTable(), watchPace.lease());
    registerThisNode();
    leadership.start(this::lead, this::follow);
  }

  private static final String NO_IDENTITY =
      "No Dask cluster is started, looked after or swept: the engine's database has no"
          + " camunda.installation.id, by which its jobs are told from those of other engines. The"
          + " engine writes it when it starts with its own schema management; see"
          + " ManagementService.getProperties()";

  /** How long the end of the engine waits for its sites. */
  private static final Duration RELEASE = Duration.ofSeconds(3);

  private String fingerprint() {
    return Identity.fingerprint(identity.host(), databaseUrl());
  }

  private ClaimRows claimRows() {
    return new ClaimRows(new PropertyRows(new EngineDatabase(configuration())));
  }

  /** So that it acts at once when it takes over from another node. */
  private void registerThisNode() {
    try {
      claimRows().register(fingerprint());
    } catch (RuntimeException e) {
      LOG.warn(
          "This node could not be noted in the engine's database; if it takes over from another, it"
              + " may wait before it acts",
          e);
    }
  }

  private SiteClaims claims(Leadership leads) {
    boolean takeOver = identity.takeOver() && !hasLed;
    return new SiteClaims(
        sites,
        new Identity(installation(), fingerprint(), identity.probation(), takeOver),
        claimRows(),
        leads::isHeld);
  }

  private String databaseUrl() {
    try (Connection connection = configuration().getDataSource().getConnection()) {
      return connection.getMetaData().getURL();
    } catch (SQLException e) {
      throw new IllegalStateException("the engine's database does not say its URL", e);
    }
  }

  private String lockTable() {
    return new EngineDatabase(configuration()).table("LOCK");
  }

  private void lead() {
    Leadership now = leadership;
    EngineDatabase database = new EngineDatabase(configuration());
    SiteClaims begunClaims = claims(now);
    EngineRecords records = new EngineRecords(database, tables(), now.node());
    Keepers begun =
        new Keepers(
            sites,
            records,
            tunnels,
            watchPace.shortest(),
            watchPace.longest(),
            watchPace.incidentAfter(),
            now::isHeld,
            begunClaims);
    Sweeper sweeper =
        new Sweeper(
            engine.get(),
            tables(),
            sites,
            installation(),
            sweepPace.grace(),
            begunClaims,
            begun::changed,
            begun::deeds,
            InstantSource.system());
    hasLed = true;
    claims = begunClaims;
    keepers = begun;
    begun.start();
    sites.names().forEach(site -> begun.repeat(() -> begunClaims.look(site), lookPace()));
    begun.repeat(sweeper::round, sweepPace.interval());
  }

  /** A copy is to be seen before it acts. */
  private Duration lookPace() {
    Duration half = identity.probation().dividedBy(2);
    return half.isZero() ? sweepPace.interval() : half;
  }

  /** Returns whether nothing is done any more. */
  private boolean follow() {
    Keepers ended = keepers;
    SiteClaims endedClaims = claims;
    keepers = null;
    claims = null;
    if (ended == null) {
      return true;
    }
    boolean quiet = ended.stop();
    if (quiet && closing) {
      endedClaims.release(RELEASE);
    }
    return quiet;
  }

  /** Stops looking. What waits goes on waiting, and is found again after the next start. */
  @Override
  public synchronized void close() {
    if (leadership != null) {
      closing = true;
      leadership.close();
      leadership = null;
    }
  }

  /** Whether this node, and no other, looks after the clusters. */
  boolean leads() {
    return keepers != null;
  }

  Sites sites() {
    return sites;
  }

  Requests requests() {
    return requests;
  }

  synchronized ClusterTables tables() {
    if (tables == null) {
      tables = new ClusterTables(new EngineDatabase(configuration()));
    }
    return tables;
  }

  private ProcessEngineConfigurationImpl configuration() {
    return (ProcessEngineConfigurationImpl) engine.get().getProcessEngineConfiguration();
  }

  /** Has a cluster's keeper read what this transaction changes, when it is committed. */
  void tellKeeper(String cluster) {
    Context.getCommandContext()
        .getTransactionContext()
        .addTransactionListener(
            TransactionState.COMMITTED,
            committed -> {
              Keepers now = keepers;
              if (now != null) {
                now.changed(cluster);
              }
            });
  }

  /**
   * Sees to it that the local ports asked for are free, if it is this machine that has to listen.
   *
   * @throws ClusterException with {@link ClusterError#DASK_PORT_IN_USE} if one is not
   */
  void requireFreePorts(ClusterRequest request) {
    Keepers now = keepers;
    if (now != null) {
      now.requireFreePorts(request);
    }
  }

  /**
   * Sees to it that this engine's jobs can be told from those of others.
   *
   * @throws ClusterException if they cannot
   */
  void requireIdentity() {
    if (installation().isEmpty()) {
      throw new ClusterException(ClusterError.DASK_INVALID_REQUEST, NO_IDENTITY);
    }
  }

  /** Why this engine may act nowhere, as {@link #requireIdentity} says; nothing if it has an id. */
  public Optional<String> missingIdentity() {
    return installation().isEmpty() ? Optional.of(NO_IDENTITY) : Optional.empty();
  }

  /**
   * By site, whether this engine may act there; without those that it has not asked yet, and empty
   * on a node that does not look after the clusters.
   */
  public Map<String, Verdict> verdicts() {
    SiteClaims now = claims;
    return now == null ? Map.of() : now.verdicts();
  }

  /**
   * Names a cluster among all whose jobs run at the site under our account: by its process
   * instance, whose ids are unique in one engine's database only, and that database's own id.
   */
  String clusterId(String processInstance) {
    return installation() + "-" + processInstance;
  }

  /** Once there is one it stays as it is; reading it is a command of the engine. */
  private String installation() {
    String known = installation;
    if (known.isEmpty()) {
      known = installation(engine.get().getManagementService());
      installation = known;
    }
    return known;
  }

  /** What tells this engine's clusters from those of other engines; empty if nothing does. */
  static String installation(ManagementService engine) {
    String id = engine.getProperties().getOrDefault("camunda.installation.id", "");
    return id.substring(0, Math.min(8, id.length()));
  }
}

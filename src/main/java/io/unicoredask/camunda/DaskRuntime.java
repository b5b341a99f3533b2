package io.unicoredask.camunda;

import io.unicoredask.camunda.engine.Transaction;
import io.unicoredask.camunda.node.Leadership;
import io.unicoredask.cluster.identity.Permit;
import io.unicoredask.cluster.identity.Verdict;
import io.unicoredask.cluster.keeper.Census;
import io.unicoredask.cluster.keeper.ClientFiles;
import io.unicoredask.cluster.keeper.ClusterTunnels;
import io.unicoredask.cluster.keeper.Keepers;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.unicore.UnicoreException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.ProcessEngineConfiguration;
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
  private final boolean requiresTls;
  private final Supplier<ProcessEngine> engine;
  private final WatchPace watchPace;
  private final SweepPace sweepPace;
  private final Installation installation;
  private final NodeClaims claims;
  private final Requests requests;
  private ClusterTables tables;
  private Leadership leadership;
  private boolean closing;
  private volatile RuntimeListener listener = RuntimeListener.NONE;
  private volatile Keepers keepers;

  /**
   * @param sites where clusters can run
   * @param tunnels opens the clusters' local ports
   * @param requiresTls whether a cluster without TLS is refused
   * @param engine the engine whose processes wait; asked for when first needed
   * @param watchPace how often is looked
   * @param sweepPace how often the sites are searched for jobs that belong to no cluster
   * @param identity how this engine is told from copies of it
   */
  public DaskRuntime(
      Sites sites,
      ClusterTunnels tunnels,
      boolean requiresTls,
      Supplier<ProcessEngine> engine,
      WatchPace watchPace,
      SweepPace sweepPace,
      IdentitySettings identity) {
    this.sites = sites;
    this.tunnels = tunnels;
    this.requiresTls = requiresTls;
    this.engine = engine;
    this.watchPace = watchPace;
    this.sweepPace = sweepPace;
    this.installation = new Installation(() -> engine.get().getManagementService());
    this.claims = new NodeClaims(sites, installation, identity, this::database);
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
    Optional<String> missing = missingIdentity();
    if (missing.isPresent()) {
      LOG.error("{}", missing.get());
      return;
    }
    new Schema(configuration()).create();
    closing = false;
    leadership =
        new Leadership(
            configuration().getDataSource(), database().table("LOCK"), watchPace.lease());
    claims.register();
    leadership.start(this::lead, this::follow);
  }

  private void lead() {
    Leadership now = leadership;
    EngineDatabase database = database();
    Permit permit = claims.begin(now::isHeld);
    EngineRecords records = new EngineRecords(database, now.node());
    Keepers begun =
        new Keepers(
            sites,
            records,
            tunnels,
            watchPace.shortest(),
            watchPace.longest(),
            watchPace.incidentAfter(),
            now::isHeld,
            permit,
            listener);
    Sweeper sweeper =
        new Sweeper(
            engine.get(),
            database,
            sites,
            installation.id(),
            sweepPace.grace(),
            permit,
            begun::changed,
            begun::actions,
            InstantSource.system());
    LifeUpkeep upkeep = new LifeUpkeep(engine.get(), database, InstantSource.system());
    keepers = begun;
    begun.start();
    claims.renewWith(begun, sweepPace.interval());
    begun.repeat(() -> sweep(sweeper), sweepPace.interval());
    begun.repeat(upkeep::round, sweepPace.interval());
  }

  private void sweep(Sweeper sweeper) {
    long begin = System.nanoTime();
    try {
      sweeper.round();
    } finally {
      listener.swept(Duration.ofNanos(System.nanoTime() - begin));
    }
  }

  /** Returns whether nothing is done any more. */
  private boolean follow() {
    Keepers ended = keepers;
    keepers = null;
    boolean quiet = ended == null || ended.stop();
    claims.end(quiet && closing);
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
  public boolean leads() {
    return keepers != null;
  }

  /**
   * Has somebody told what becomes of the clusters; before the start, so that nothing is missed.
   */
  public void listen(RuntimeListener told) {
    listener = told;
  }

  RuntimeListener listener() {
    return listener;
  }

  /** What the clusters are that this node looks after; none if another does. */
  public Census census() {
    Keepers now = keepers;
    return now == null ? Census.NONE : now.census();
  }

  Sites sites() {
    return sites;
  }

  Requests requests() {
    return requests;
  }

  synchronized ClusterTables tables() {
    if (tables == null) {
      tables = new ClusterTables(database());
    }
    return tables;
  }

  LogNames logNames() {
    return database().logNames();
  }

  private EngineDatabase database() {
    return new EngineDatabase(configuration());
  }

  private ProcessEngineConfiguration configuration() {
    return engine.get().getProcessEngineConfiguration();
  }

  /** Has a cluster's keeper read what this transaction changes, when it is committed. */
  void tellKeeper(String cluster) {
    Transaction.current()
        .whenCommitted(
            () -> {
              Keepers now = keepers;
              if (now != null) {
                now.changed(cluster);
              }
            });
  }

  /**
   * Has a job at a site looked at soon, if it is one of a cluster's: something may have become of
   * it. On a node that does not look after the clusters, the one that does learns of it within ten
   * seconds; not of a script's job, which it looks at in its own time.
   *
   * @param job relative to the site's base URL
   */
  public void hint(String site, URI job) {
    Keepers now = keepers;
    if (now != null) {
      now.hint(site, job);
    } else {
      tables().touch(site, job);
    }
  }

  /**
   * That a local port is none that clusters may ask for or, if it is this machine that has to
   * listen, that it is in use, and by whom.
   */
  Optional<String> portProblem(int port) {
    Keepers now = keepers;
    return tunnels.notAllowed(port).or(() -> now == null ? Optional.empty() : now.portInUse(port));
  }

  /** Why a cluster without TLS is refused; nothing if it is not. */
  public Optional<String> objection(ClusterRequest request) {
    return requiresTls && !request.hasTls()
        ? Optional.of(
            "security = none is not allowed in this application, whose local ports are open to other"
                + " machines (unicore-dask.tunnel.bind-address): whoever reaches a port would run"
                + " code at the site; allowed is tls, or none if its operator sets"
                + " unicore-dask.tunnel.allow-unencrypted=true")
        : Optional.empty();
  }

  /**
   * What a client needs to be let in by a process instance's cluster with TLS. It is read at the
   * site; that the user may have it is for the caller to see to.
   *
   * @param instance the id of a process instance
   * @param user who asks for it
   * @return nothing if the instance has no cluster, or one without TLS, or one whose scheduler is
   *     still to be started
   * @throws UnicoreException if the site cannot be asked
   */
  public Optional<ClientFiles> clientFiles(String instance, String user) {
    Optional<String> cluster = tables().ofInstance(instance);
    Optional<ClientFiles> files =
        cluster
            .flatMap(new RecordedClusters(database())::find)
            .flatMap(recorded -> ClientFiles.of(recorded, sites));
    files.ifPresent(found -> Audit.handedOut(user, cluster.orElseThrow(), instance));
    return files;
  }

  /** What there is to see of clusters. */
  public ClusterOverview overview() {
    return new ClusterOverview(database(), engine.get(), sites);
  }

  Installation installation() {
    return installation;
  }

  /** Why this engine may act nowhere; nothing if it has an id. */
  public Optional<String> missingIdentity() {
    return installation.missing();
  }

  /**
   * By site, whether this engine may act there; without those that it has not asked yet, and empty
   * on a node that does not look after the clusters.
   */
  public Map<String, Verdict> verdicts() {
    return claims.verdicts();
  }
}

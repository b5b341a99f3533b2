package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.identity.Permit;
import io.unicoredask.cluster.site.RequestBudget;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.tunnel.PortInUseException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keepers of all clusters on the node that looks after them, and when each has its next turn.
 *
 * <p>What the engine changes on this node is told at once; what it changes on another is found by
 * asking from time to time.
 */
public final class Keepers implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Keepers.class);

  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Sites sites;
  private final ClusterRecords records;
  private final ClusterTunnels tunnels;
  private final Pace pace;
  private final Duration incidentAfter;
  private final BooleanSupplier leads;
  private final Permit permit;
  private final Steps steps;
  private final Map<String, Turns> turns = new ConcurrentHashMap<>();
  private final Map<String, SiteThreads> threads = new ConcurrentHashMap<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(work -> daemon(work, "unicore-dask-clock"));
  private final Chores chores = new Chores(clock, work -> daemon(work, "unicore-dask-sweep"));
  private final Keeping keeping = new Shared();
  private final AtomicLong actions = new AtomicLong();
  private final Queueing queueing = new Queueing();
  private volatile boolean closed;

  /**
   * @param sites where the clusters run
   * @param records where they are on record
   * @param tunnels opens the local ports, and is left closed in the end
   * @param shortest the time between two looks just after something changed
   * @param longest the time between two looks when nothing has changed for long
   * @param incidentAfter how long a cluster may not be able to go on until an incident says so
   * @param leads whether this node, and no other, looks after the clusters; asked before anything
   *     is done
   * @param permit lets this engine act at a site; asked before anything is done there
   * @param listener told how the keepers get on
   */
  public Keepers(
      Sites sites,
      ClusterRecords records,
      ClusterTunnels tunnels,
      Duration shortest,
      Duration longest,
      Duration incidentAfter,
      BooleanSupplier leads,
      Permit permit,
      KeeperListener listener) {
    this.sites = sites;
    this.records = records;
    this.tunnels = tunnels;
    this.pace = new Pace(shortest, longest);
    this.incidentAfter = incidentAfter;
    this.leads = leads;
    this.permit = permit;
    this.steps = new Steps(listener);
    tunnels.listen(this::stirred);
  }

  /** Begins to look after all clusters there are. */
  public void start() {
    OtherNodes others =
        new OtherNodes(records, this::isNews, this::changed, System.currentTimeMillis());
    clock.execute(this::readAll);
    schedule(() -> ask(others), OtherNodes.OFTEN);
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  private void readAll() {
    try {
      Set<String> incidents = records.incidents();
      Map<String, Map<String, Object>> told = records.told(News.NOT_OF_THE_RECORD_ALONE);
      records
          .all()
          .forEach(
              one ->
                  keep(
                      ClusterKeeper.takingOver(
                          one, keeping, incidents, told.getOrDefault(one.cluster().id(), Map.of())),
                      one.demand(),
                      // Those that queue have waited before, and go on waiting.
                      Pace.isQueueing(one.demand())));
    } catch (RuntimeException e) {
      LOG.warn("Could not read the Dask clusters; reading them again", e);
      schedule(this::readAll, RETRY);
    }
  }

  /** Says that the engine has changed a cluster, or begun one, on this node. */
  public void changed(String clusterId) {
    if (closed) {
      return;
    }
    Turns known = turns.get(clusterId);
    if (known == null) {
      clock.execute(() -> begin(clusterId));
    } else {
      ((ClusterKeeper) known.keeper()).isChanged();
      known.wake();
    }
  }

  /**
   * Has a job at a site looked at soon, as what is routine, if it is one of a cluster's. When it is
   * looked at by itself stays as it is.
   */
  public void hint(String site, URI job) {
    turns.values().forEach(one -> one.hint(site, job));
  }

  /** Something is known of a cluster that was not before, and need not be asked for. */
  private void stirred(String clusterId) {
    Turns known = turns.get(clusterId);
    if (known != null) {
      ((ClusterKeeper) known.keeper()).isStirred();
      known.wake();
    }
  }

  private void begin(String clusterId) {
    try {
      records
          .find(clusterId)
          .ifPresent(found -> keep(new ClusterKeeper(found, keeping), found.demand(), false));
    } catch (RuntimeException e) {
      LOG.warn("Could not read cluster {}; reading it again", clusterId, e);
      schedule(() -> begin(clusterId), RETRY);
    }
  }

  private void keep(ClusterKeeper keeper, Demand demand, boolean routine) {
    if (begin(keeper, keeper.site(), routine)) {
      keeping.aside(keeper, demand);
    } else {
      changed(keeper.id());
    }
  }

  /** Returns whether nobody has looked after it yet. */
  private boolean begin(Keeper keeper, String site, boolean routine) {
    if (closed) {
      return true;
    }
    Turns added = new Turns(keeper, steps, keeping.threads(site), clock, turns::remove);
    if (turns.putIfAbsent(keeper.id(), added) != null) {
      return false;
    }
    added.begin(routine);
    return true;
  }

  private void ask(OtherNodes others) {
    Duration pause = others.ask(System.currentTimeMillis());
    schedule(() -> ask(others), pause);
  }

  private boolean isNews(String cluster, Long at) {
    Turns known = turns.get(cluster);
    return known == null || ((ClusterKeeper) known.keeper()).isOlderThan(at);
  }

  private void schedule(Runnable work, Duration pause) {
    if (!closed) {
      clock.schedule(work, pause.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** What the clusters are that this node looks after. Nobody is asked for it. */
  public Census census() {
    return Census.of(
        turns.values().stream()
            .map(Turns::keeper)
            .filter(ClusterKeeper.class::isInstance)
            .map(ClusterKeeper.class::cast)
            .map(keeper -> new Census.Entry(keeper.cluster(), keeper.demand())));
  }

  /** How often something was done at a site so far that a site may not have answered. */
  public long actions() {
    return actions.get();
  }

  /** Does this as well, soon and again and again, on a thread of its own. */
  public void repeat(Runnable work, Duration pause) {
    chores.repeat(work, pause);
  }

  /** That a local port is in use on this machine now, and by whom; nothing if it is free. */
  public Optional<String> portInUse(int port) {
    try {
      tunnels.requireFree(port);
      return Optional.empty();
    } catch (PortInUseException e) {
      return Optional.of(e.getMessage());
    }
  }

  /**
   * Ends looking, and closes the local ports.
   *
   * @return whether nothing is done any more; false if something still is after some seconds
   */
  public boolean stop() {
    closed = true;
    clock.shutdownNow();
    chores.stop();
    boolean quiet =
        threads.values().stream().map(SiteThreads::stop).reduce(true, Boolean::logicalAnd);
    turns.clear();
    tunnels.closeAll();
    return quiet;
  }

  @Override
  public void close() {
    stop();
  }

  private final class Shared implements Keeping {

    @Override
    public Sites sites() {
      return sites;
    }

    @Override
    public ClusterRecords records() {
      return records;
    }

    @Override
    public ClusterTunnels tunnels() {
      return tunnels;
    }

    @Override
    public SiteThreads threads(String site) {
      return threads.computeIfAbsent(
          site,
          name ->
              new SiteThreads(
                  name,
                  sites.names().contains(name)
                      ? sites.get(name).budget()
                      : new RequestBudget(RequestBudget.DEFAULT_RATE),
                  clock));
    }

    @Override
    public Pace pace() {
      return pace;
    }

    @Override
    public Queueing queueing() {
      return queueing;
    }

    @Override
    public Duration incidentAfter() {
      return incidentAfter;
    }

    @Override
    public boolean mayAct() {
      return !closed && leads.getAsBoolean();
    }

    @Override
    public Permit permit() {
      return permit;
    }

    @Override
    public void acts() {
      actions.incrementAndGet();
    }

    @Override
    public Instant now() {
      return Instant.now();
    }

    @Override
    public void aside(ClusterKeeper cluster, Demand demand) {
      for (Waiting waiting : demand.waiting()) {
        if (waiting.phase() == Phase.RUN_SCRIPT) {
          begin(new ScriptKeeper(waiting, cluster, this), cluster.site(), false);
        } else if (waiting.phase() == Phase.READ_LOGS) {
          begin(new LogsKeeper(waiting, cluster, this), cluster.site(), false);
        }
      }
    }
  }
}

package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.request.TunnelKind;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.dask.SchedulerHttp;
import io.unicoredask.dask.SchedulerHttpException;
import io.unicoredask.relay.RelayConnection;
import io.unicoredask.relay.RelayService;
import io.unicoredask.tunnel.Forwarding;
import io.unicoredask.tunnel.HttpProxy;
import io.unicoredask.tunnel.PortInUseException;
import io.unicoredask.tunnel.Tunnel;
import io.unicoredask.tunnel.TunnelFactory;
import io.unicoredask.unicore.Credential;
import io.unicoredask.unicore.SiteProxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open tunnels of this process, by cluster. Whoever needs a cluster's tunnels asks for them and
 * gets them opened again where they are not, on the same local ports, as after a restart.
 */
public class ClusterTunnels {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterTunnels.class);

  /**
   * @param scheduler leads to the scheduler's TCP port
   * @param http leads to its HTTP server, the dashboard's too
   * @param api speaks with that server; kept, since each new connection costs the site a process
   * @param relay what they share; null if they lead there directly
   */
  record Tunnels(Tunnel scheduler, Tunnel http, SchedulerHttp api, RelayConnection relay) {

    /** How the scheduler is asked for now. */
    SchedulerContact contact() {
      return Optional.ofNullable(relay)
          .flatMap(RelayConnection::agent)
          .filter(agent -> agent.failure().isEmpty())
          .<SchedulerContact>map(agent -> new AgentContact(relay, agent))
          .orElseGet(() -> new HttpContact(api));
    }

    private boolean lead(TunnelKind kind) {
      return (kind == TunnelKind.RELAY) == (relay != null);
    }

    private void close() {
      scheduler.close();
      http.close();
      if (relay != null) {
        relay.close();
      }
    }
  }

  private final TunnelFactory factory;
  private final ConcurrentMap<String, Tunnels> open = new ConcurrentHashMap<>();
  private volatile Consumer<String> listener = cluster -> {};

  /**
   * @param factory opens local ports; stays the caller's to close
   */
  public ClusterTunnels(TunnelFactory factory) {
    this.factory = factory;
  }

  /** Has somebody told of a cluster of which its scheduler's agent says something new. */
  void listen(Consumer<String> told) {
    listener = told;
  }

  /**
   * The cluster's tunnels, opened if they are not open, or if they lead there another way.
   *
   * @throws PortInUseException if one of its local ports is taken by somebody else
   * @throws SchedulerHttpException if there is no way to the scheduler for now
   */
  Tunnels of(Cluster cluster, Site site) {
    Tunnels known = open.get(cluster.id());
    if (known != null && known.lead(cluster.tunnel())) {
      return known;
    }
    close(cluster.id());
    // The site is asked before a lock is taken that other clusters may wait for.
    RelayFinder.Found relay = cluster.tunnel() == TunnelKind.RELAY ? relayOf(cluster, site) : null;
    return open.computeIfAbsent(
        cluster.id(),
        id -> {
          return relay == null ? direct(cluster, site) : relayed(cluster, relay, site);
        });
  }

  private static RelayFinder.Found relayOf(Cluster cluster, Site site) {
    return RelayFinder.of(cluster, site.unicore())
        .orElseThrow(
            () ->
                new SchedulerHttpException(
                    "its relay's files are gone from the directory of its job; start another cluster, and leave what is in the directories of running jobs"));
  }

  /** Whether the cluster's relay cannot be found, though its site is there. */
  boolean isRelayGone(Cluster cluster) {
    Tunnels known = open.get(cluster.id());
    return known == null || known.relay() != null && known.relay().isGone();
  }

  /** Whether the cluster's relay has said that its scheduler is gone, and did not come back. */
  boolean hasSaidGoodbye(Cluster cluster) {
    Tunnels known = open.get(cluster.id());
    return known != null && known.relay() != null && known.relay().hasSaidGoodbye();
  }

  /** What its local ports are reached by, as it is written in URLs. */
  String publicHost() {
    return factory.host().publicHostInUrl();
  }

  /** Closes those of all clusters. */
  void closeAll() {
    open.keySet().forEach(this::close);
  }

  /** Closes a cluster's. Closing twice does nothing. */
  void close(String id) {
    Tunnels tunnels = open.remove(id);
    if (tunnels != null) {
      tunnels.close();
      LOG.info("Cluster {}: closed its local ports", id);
    }
  }

  /** Why a local port is none that a cluster may ask for, on whichever node; nothing if it is. */
  public Optional<String> notAllowed(int port) {
    return factory.notAllowed(port);
  }

  /** Throws {@link PortInUseException} if the port is neither to be had nor 0. */
  void requireFree(int port) {
    ownerOf(port)
        .ifPresent(
            owner -> {
              throw new PortInUseException(port, "is in use by cluster " + owner, null);
            });
    factory.requireFree(port);
  }

  private Optional<String> ownerOf(int port) {
    return open.entrySet().stream()
        .filter(
            entry ->
                isOn(entry.getValue().scheduler(), port) || isOn(entry.getValue().http(), port))
        .map(Map.Entry::getKey)
        .findAny();
  }

  private static boolean isOn(Tunnel tunnel, int port) {
    return tunnel.localAddress().getPort() == port;
  }

  private Tunnels direct(Cluster cluster, Site site) {
    SchedulerJob job = cluster.scheduler();
    Forwarding scheduler = forwarding(cluster, site, job.host(), job.port());
    Forwarding http = forwarding(cluster, site, job.host(), job.dashboardPort());
    return opened(
        cluster, port -> factory.open(port, scheduler), port -> factory.open(port, http), null);
  }

  private Tunnels relayed(Cluster cluster, RelayFinder.Found found, Site site) {
    RelayConnection relay =
        RelayConnection.open(
            factory,
            forwarding(cluster, site, found.file().host(), found.file().port()),
            found.secret(),
            found.file(),
            () -> listener.accept(cluster.id()));
    try {
      Tunnels opened =
          opened(
              cluster,
              port -> relay.open(port, RelayService.SCHEDULER),
              port -> relay.open(port, RelayService.DASHBOARD),
              relay);
      if (cluster.localDashboardPort() != null) {
        int port = opened.http().localAddress().getPort();
        relay.agent().ifPresent(agent -> agent.linkDashboard(publicHost(), port));
      }
      return opened;
    } catch (RuntimeException e) {
      relay.close();
      throw e;
    }
  }

  private Tunnels opened(
      Cluster cluster,
      IntFunction<Tunnel> toScheduler,
      IntFunction<Tunnel> toHttp,
      RelayConnection relay) {
    Tunnel scheduler = toScheduler.apply(cluster.localPort());
    try {
      // That server asks for no password, and is nobody else's business without a dashboard.
      Integer dashboard = cluster.localDashboardPort();
      Tunnel http = toHttp.apply(dashboard == null ? TunnelFactory.PRIVATE : dashboard);
      URI api = URI.create("http://" + ownAddress(http.localAddress()));
      return new Tunnels(scheduler, http, SchedulerHttp.at(api, http::lastFailure), relay);
    } catch (RuntimeException e) {
      scheduler.close();
      throw e;
    }
  }

  private static String ownAddress(InetSocketAddress listening) {
    InetAddress address =
        listening.getAddress().isAnyLocalAddress()
            ? InetAddress.getLoopbackAddress()
            : listening.getAddress();
    String host = address.getHostAddress();
    return "%s:%d".formatted(host.contains(":") ? "[" + host + "]" : host, listening.getPort());
  }

  private static Forwarding forwarding(Cluster cluster, Site site, String host, int port) {
    URI endpoint = site.unicore().resolve(cluster.scheduler().forwarding());
    return new Forwarding(
        cluster.site(),
        endpoint,
        host,
        port,
        site.unicore()::authentication,
        site.ssl(),
        () -> site.unicore().proxy(endpoint).map(ClusterTunnels::proxy).orElse(null));
  }

  private static HttpProxy proxy(SiteProxy proxy) {
    Credential credential = proxy.credential();
    return new HttpProxy(
        proxy.host(), proxy.port(), credential == null ? null : credential::authorization);
  }
}

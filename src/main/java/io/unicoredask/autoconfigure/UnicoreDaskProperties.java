package io.unicoredask.autoconfigure;

import io.unicoredask.tunnel.LocalHost;
import io.unicoredask.tunnel.LocalPorts;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The plugin's configuration. It holds no secret, since every expression of a deployed process can
 * read it; passwords are in files that it names.
 *
 * @param sites The UNICORE sites that clusters can run at, by the name that variable {@code site}
 *     gives them.
 * @param credentials User names and passwords that several sites share, by the name that a site's
 *     credential gives them.
 * @param proxy What the proxies on the way to the sites are shown.
 * @param tunnel How local ports lead to the sites.
 * @param watch How often the sites are looked at.
 * @param sweep How often jobs are looked for that belong to no cluster.
 * @param identity How this engine is told from copies of its database.
 * @param notifications How the sites tell this application what becomes of its jobs.
 * @param processes What deployed processes may reach in this application.
 */
@ConfigurationProperties(prefix = "unicore-dask", ignoreUnknownFields = false)
public record UnicoreDaskProperties(
    Map<String, Site> sites,
    Map<String, Credential> credentials,
    @DefaultValue @NestedConfigurationProperty Proxy proxy,
    @DefaultValue @NestedConfigurationProperty Tunnel tunnel,
    @DefaultValue @NestedConfigurationProperty Watch watch,
    @DefaultValue @NestedConfigurationProperty Sweep sweep,
    @DefaultValue @NestedConfigurationProperty Identity identity,
    @DefaultValue @NestedConfigurationProperty Notifications notifications,
    @DefaultValue @NestedConfigurationProperty Processes processes) {

  /** No sites unless some are configured. */
  public UnicoreDaskProperties {
    sites = sites == null ? Map.of() : new LinkedHashMap<>(sites);
    credentials = credentials == null ? Map.of() : new LinkedHashMap<>(credentials);
  }

  /**
   * Who we are at one or more sites: a password or a token, of which one is given. With {@code
   * {user}} in the user name or in the path of a file it is what each of the engine's users has of
   * their own, for the initiator.credential of sites; the user's name then stands there.
   *
   * @param username The user name. Required with password-file and key-file.
   * @param passwordFile A file that holds nothing but the password, in UTF-8; read at every use, so
   *     that it may change.
   * @param tokenFile A file that holds nothing but a token, which another program renews; read at
   *     every use.
   * @param keyFile A file that holds a private key (RSA, EC or Ed25519, in PEM or as OpenSSH writes
   *     it), with which tokens are signed; nobody else may be able to read it.
   * @param passphraseFile A file that holds nothing but the key's passphrase; none by default.
   * @param lifetime How long a token is good for that is signed with the key, 10 seconds to an
   *     hour.
   * @param audience Whom tokens are for (their claim aud): others are not sent, and those that are
   *     signed with a key are limited to it, by the site's distinguished name; anybody by default.
   * @param oidc The OIDC provider that gives tokens.
   */
  public record Credential(
      String username,
      Path passwordFile,
      Path tokenFile,
      Path keyFile,
      Path passphraseFile,
      @DefaultValue("1m") Duration lifetime,
      String audience,
      @NestedConfigurationProperty Oidc oidc) {

    /** Finds the files. */
    public Credential {
      passwordFile = HomeDirectory.resolve(passwordFile);
      tokenFile = HomeDirectory.resolve(tokenFile);
      keyFile = HomeDirectory.resolve(keyFile);
      passphraseFile = HomeDirectory.resolve(passphraseFile);
    }
  }

  /**
   * What we are to an OIDC provider.
   *
   * @param tokenUri The URL of its token endpoint; https, or http to this very machine. Required.
   * @param clientId The name that it knows us by. Required.
   * @param clientSecretFile A file that holds nothing but the client's secret; read at every use.
   *     Required, unless there is a refresh-token-file.
   * @param refreshTokenFile A file that holds nothing but a refresh token. One that the provider
   *     gives in its place is written there. By default tokens are for the client itself.
   * @param scopes What is asked for; what the provider gives by itself by default, or with a
   *     refresh token all that was granted.
   * @param sslBundle The name of the SSL bundle (spring.ssl.bundle.*) that says which certificates
   *     to trust; the JDK's own by default.
   * @param connectTimeout How long a connection to the provider may take to come about.
   * @param readTimeout How long the provider may take to answer.
   */
  public record Oidc(
      URI tokenUri,
      String clientId,
      Path clientSecretFile,
      Path refreshTokenFile,
      @DefaultValue List<String> scopes,
      String sslBundle,
      @DefaultValue("10s") Duration connectTimeout,
      @DefaultValue("30s") Duration readTimeout) {

    /** Finds the files. */
    public Oidc {
      clientSecretFile = HomeDirectory.resolve(clientSecretFile);
      refreshTokenFile = HomeDirectory.resolve(refreshTokenFile);
    }
  }

  /**
   * Who we are to the HTTP proxies that lead to the sites. Which these are, Java's own settings
   * say: https.proxyHost, http.proxyHost and http.nonProxyHosts.
   *
   * @param username The user name; none is shown by default.
   * @param passwordFile A file that holds nothing but the password, in UTF-8; read at every use, so
   *     that it may change. Required if there is a user name.
   */
  public record Proxy(String username, Path passwordFile) {

    /** Finds the file. */
    public Proxy {
      passwordFile = HomeDirectory.resolve(passwordFile);
    }
  }

  /**
   * One UNICORE site.
   *
   * @param url The URL of the site's core services, such as {@code
   *     https://host:8080/SITE/rest/core}. Required.
   * @param username The user name at the site. Required, unless credential is given.
   * @param passwordFile A file that holds nothing but the password, in UTF-8; read at every use, so
   *     that it may change. Required, unless credential is given.
   * @param credential The name of one of unicore-dask.credentials, instead of username and
   *     password-file.
   * @param tokenLifetime How long a token is to live that the site issues for the credential, and
   *     that it is shown in its place from then on; 30 seconds or more. By default it is shown the
   *     credential.
   * @param sslBundle The name of the SSL bundle (spring.ssl.bundle.*) that says which certificates
   *     to trust; the JDK's own by default.
   * @param insecure Whether the url may be http to another machine, so that everybody on the way
   *     reads the credential and may change what is sent.
   * @param userPreferences The value of the X-UNICORE-User-Preferences header, such as {@code
   *     uid:x,pgid:z}: pairs of uid, role, group or pgid, supgids (several with +), vo or useOSgids
   *     and a value, with commas between them and without blanks; none by default.
   * @param identity Whose account at the site clusters have: the site's own (shared), or that of
   *     who starts them (initiator).
   * @param initiator What who starts a cluster is to the site, if identity is initiator.
   * @param connectTimeout How long a connection to the site may take to come about.
   * @param readTimeout How long the site may take to answer.
   * @param maxRequestsPerSecond How many requests a second the site gets from this application at
   *     the most, forwarded connections not counted: a whole number from 1 to 10000. What goes
   *     beyond waits.
   * @param queue The batch queue of jobs that name none; the site's own default by default.
   * @param project The accounting project of jobs that name none; none by default.
   * @param python A command that runs a Python with Dask at the site, such as {@code python3} or
   *     {@code conda run --no-capture-output -n dask python3}. Scheduler and workers are then
   *     started as its modules, with every version of Dask; by default they are the site's
   *     applications dask-scheduler and dask-worker.
   * @param launcher What is put before a job's command in an allocation so that it runs on one of
   *     the allocation's nodes, such as {@code srun --overlap -n1 -N1}, unless it has a launcher
   *     already; nothing by default.
   * @param templates Job descriptions in JSON, by the names that variables schedulerJob, workerJob
   *     and allocation give them.
   * @param schedulerJob The template of the scheduler's job where variable schedulerJob is not
   *     given; none by default.
   * @param workerJob The template of worker jobs where variable workerJob is not given; none by
   *     default.
   * @param limits How large and how old a cluster may become at the site.
   */
  public record Site(
      URI url,
      String username,
      Path passwordFile,
      String credential,
      Duration tokenLifetime,
      String sslBundle,
      @DefaultValue("false") boolean insecure,
      String userPreferences,
      @DefaultValue("shared") SiteIdentity identity,
      @DefaultValue @NestedConfigurationProperty Initiator initiator,
      @DefaultValue("10s") Duration connectTimeout,
      @DefaultValue("30s") Duration readTimeout,
      @DefaultValue("20") int maxRequestsPerSecond,
      String queue,
      String project,
      String python,
      String launcher,
      Map<String, String> templates,
      String schedulerJob,
      String workerJob,
      @DefaultValue Limits limits) {

    /** No templates unless some are configured. */
    public Site {
      templates = templates == null ? Map.of() : Map.copyOf(templates);
    }
  }

  /** Whose account at a site clusters have. */
  public enum SiteIdentity {
    /** All have the site's own. */
    SHARED,
    /** That of the user who started the cluster, or the process that it was called by. */
    INITIATOR
  }

  /**
   * What one of the engine's users is to a site, if they act there under their own names. At least
   * one of the two has {@code {user}} in it.
   *
   * @param credential The ALIAS of a credential with {@code {user}} in it; by default the site's
   *     own credential, which then has to be allowed to act for all of them.
   * @param preferences The value of the X-UNICORE-User-Preferences header, such as {@code
   *     uid:{user},group:hpc}; pairs as in user-preferences. None by default.
   */
  public record Initiator(String credential, String preferences) {}

  /**
   * Limits of each cluster at a site. What goes beyond is refused.
   *
   * @param workers How many Dask workers it may have, 0 or more; any number by default.
   * @param jobs How many worker jobs it may have, 0 or more; any number by default.
   * @param lifetime The longest that variable lifetime may say; also its default, if shorter than a
   *     day. Above zero; any by default.
   * @param queues The queues that may be asked for, in variable queue and in job descriptions; any
   *     by default.
   * @param projects The accounting projects that may be asked for, likewise; any by default.
   * @param templatesOnly Whether job descriptions have to be the site's templates, by their names,
   *     so that people run at the site what its operator has written.
   * @param arguments Which of the arguments --jupyter, --preload and --preload-nanny job
   *     descriptions may have that are no templates of the site: they open doors, so none may by
   *     default.
   * @param perUser What the clusters of each user may take together at the site.
   * @param total What all clusters may take together at the site.
   */
  public record Limits(
      Integer workers,
      Integer jobs,
      Duration lifetime,
      @DefaultValue Set<String> queues,
      @DefaultValue Set<String> projects,
      @DefaultValue("false") boolean templatesOnly,
      @DefaultValue Set<String> arguments,
      @DefaultValue @NestedConfigurationProperty Quota perUser,
      @DefaultValue @NestedConfigurationProperty Quota total) {}

  /**
   * What clusters may take together that live at the same time. What they ask for counts, from the
   * start until the end of their teardown.
   *
   * @param clusters How many there may be, 0 or more; any number by default.
   * @param workers How many Dask workers they may ask for, 0 or more; any number by default.
   * @param nodes How many nodes their jobs may ask for (Resources.Nodes, 1 if it is not given),
   *     those of scripts among them, 0 or more; any number by default.
   * @param nodeHours How many hours of nodes that may make until the lifetime of each cluster is
   *     over, scripts not among them, 0 or more; any number by default.
   */
  public record Quota(Integer clusters, Integer workers, Integer nodes, Integer nodeHours) {}

  /**
   * The local ports.
   *
   * @param bindAddress The IPv4 or IPv6 address of this machine that they listen on, or 0.0.0.0 or
   *     :: for all of them. Dask asks for no password: with any but a loopback address, whoever
   *     reaches this machine runs code at the site as a cluster that has no TLS. So such a cluster
   *     is refused then.
   * @param allowUnencrypted Whether clusters without TLS (variable security) may have local ports
   *     that are open to others, since something else keeps these away, such as a firewall.
   * @param publicHost The host name or address that others reach them by, as schedulerAddress and
   *     dashboardUrl say it; an IPv6 address with or without brackets. By default the bind-address,
   *     or 127.0.0.1 where that is 0.0.0.0 or ::, which the start of the application warns of.
   * @param ports The ports of this machine that they may be: two ports from 1 to 65535 with a
   *     hyphen between them, or one. A cluster takes two, also without its dashboard. By default
   *     all but the privileged ones; those of running clusters stay what they are.
   * @param connectTimeout How long a connection to a site may take to come about.
   * @param handshakeTimeout How long a site may take until it forwards a connection; it takes a
   *     second or more for each, one after the other.
   * @param maxConnections How many clients may be connected to one local port at once.
   * @param idleTimeout How long a client may be connected without a byte either way; a millisecond
   *     to a day. Below five seconds, which is how often Dask's clients send a heartbeat, living
   *     ones are closed.
   */
  public record Tunnel(
      @DefaultValue("127.0.0.1") String bindAddress,
      @DefaultValue("false") boolean allowUnencrypted,
      String publicHost,
      @DefaultValue("1024-65535") String ports,
      @DefaultValue("10s") Duration connectTimeout,
      @DefaultValue("60s") Duration handshakeTimeout,
      @DefaultValue("256") int maxConnections,
      @DefaultValue("10m") Duration idleTimeout) {

    /** Refuses what is no address to listen on, no host to be reached by, or no ports. */
    public Tunnel {
      checked(() -> new LocalHost(bindAddress, publicHost));
      checked(() -> LocalPorts.of(ports));
    }

    LocalHost host() {
      return new LocalHost(bindAddress, publicHost);
    }

    private static void checked(Runnable check) {
      try {
        check.run();
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("unicore-dask.tunnel." + e.getMessage());
      }
    }
  }

  /**
   * The watcher.
   *
   * @param shortest The time between two looks at what is waited for just after something changed.
   * @param longest The time between two looks when nothing has changed for long.
   * @param incidentAfter How long a site may be out of reach until an incident says so in Cockpit.
   * @param lease How long after its last sign of life another node of the engine takes over; two
   *     seconds or more.
   */
  public record Watch(
      @DefaultValue("500ms") Duration shortest,
      @DefaultValue("10s") Duration longest,
      @DefaultValue("5m") Duration incidentAfter,
      @DefaultValue("15s") Duration lease) {}

  /**
   * The search for jobs at the sites that belong to no cluster of this engine.
   *
   * @param interval The time between two searches.
   * @param grace How long a job has to be found unwanted until it is ended.
   */
  public record Sweep(@DefaultValue("2m") Duration interval, @DefaultValue("2m") Duration grace) {}

  /**
   * How this engine is told from copies of its database. A copy has the same clusters on record,
   * and must not act on them.
   *
   * @param host A name that stands for this machine; its host name by default. Set it where host
   *     names change with every start, as in containers: the same for all nodes of the engine,
   *     another for any other engine.
   * @param probation How long an engine waits at a site that has not ended well, or runs on another
   *     machine or database than before, until it acts: in that time the original of a copy
   *     objects. Several times as long as sweep.interval.
   * @param takeOver Whether this engine is the one that is to act on the clusters on record,
   *     whatever others have done. For one start: it denies the other.
   */
  public record Identity(
      String host,
      @DefaultValue("5m") Duration probation,
      @DefaultValue("false") boolean takeOver) {}

  /**
   * What deployed processes may reach. Without it, whoever may deploy one runs any code in this
   * application.
   *
   * @param closed Whether they reach nothing but their variables and the beans below: no other
   *     bean, property or class, and no script, Java class, shell or mail task. This is for all
   *     processes of the engine, those that have nothing to do with Dask among them.
   * @param beans The names of the beans that their expressions may use if the engine is closed;
   *     singletons, of which every public method can be called.
   */
  public record Processes(@DefaultValue("false") boolean closed, @DefaultValue Set<String> beans) {}

  /**
   * What the sites tell by themselves, so that it is looked at sooner.
   *
   * @param url Where the sites reach this application's {@code /unicore-dask/notifications}, such
   *     as {@code https://engine.example.org/unicore-dask/notifications}; the sites tell nothing by
   *     default. What they send is a credential for some minutes, so it has to be https, or http to
   *     this very machine.
   */
  public record Notifications(URI url) {

    /** Refuses a URL that a credential should not be sent to. */
    public Notifications {
      if (url != null && !isFit(url)) {
        throw new IllegalArgumentException(
            "unicore-dask.notifications.url is not allowed; it is of the form"
                + " https://host:port/path, http only if the host is localhost, 127.0.0.1 or [::1],"
                + " without user, query and fragment: what the sites send there is a credential");
      }
    }

    private static boolean isFit(URI url) {
      return url.getHost() != null
          && url.getRawUserInfo() == null
          && url.getRawQuery() == null
          && url.getRawFragment() == null
          && SecretPath.isSafe(url);
    }
  }
}

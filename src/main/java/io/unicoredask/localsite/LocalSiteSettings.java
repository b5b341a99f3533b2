package io.unicoredask.localsite;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a {@link LocalSite} is like.
 *
 * @param siteName the site's name, the first part of every path; letters, digits, {@code _} and
 *     {@code -}
 * @param bindAddress the address to listen on; a loopback address
 * @param port the port to listen on; 0 takes any free one
 * @param tls whether to speak TLS, with a certificate made at the start, or plain HTTP
 * @param directory where jobs, passwords and the certificate live; {@code null} makes a temporary
 *     one, deleted when the site is closed
 * @param users passwords by user name, at least one user; an empty password is replaced by a
 *     generated one
 * @param queues the batch queues by name, at least one; the first is the default
 * @param applications the applications by name, as a real site's IDB lists them
 * @param python what {@code python3} is in its jobs; {@code null} for the machine's
 * @param stateLag how long the reported status of a batch job lags behind the job; real sites ask
 *     their batch system every 10 to 60 s
 * @param exitCodeGrace how much longer the status stays as it was of a job that its batch system
 *     ended as a whole, by its time limit for instance: UNICORE waits for the file with the exit
 *     code
 * @param queueDelay how long a job waits in a queue even if nodes are idle
 * @param gateway which of a real Gateway's faults the site has
 */
public record LocalSiteSettings(
    String siteName,
    InetAddress bindAddress,
    int port,
    boolean tls,
    Path directory,
    Map<String, String> users,
    Map<String, Queue> queues,
    Map<String, Application> applications,
    Path python,
    Duration stateLag,
    Duration exitCodeGrace,
    Duration queueDelay,
    GatewayFaults gateway) {

  /**
   * A batch queue.
   *
   * @param nodes how many nodes it has; jobs that do not fit wait, first come first served
   * @param maxRuntime the longest runtime that may be asked for
   * @param maxCpusPerNode the most CPUs a node that may be asked for
   */
  public record Queue(int nodes, Duration maxRuntime, int maxCpusPerNode) {
    /** A queue with this many nodes, one day of runtime and 64 CPUs a node. */
    public Queue(int nodes) {
      this(nodes, Duration.ofDays(1), 64);
    }
  }

  /**
   * An application as in a site's IDB.
   *
   * @param version the version, for example {@code 2022.12.1}
   * @param executable shell text that starts it
   * @param arguments shell words that come before the user's arguments; one that ends in {@code ?}
   *     is left out if the variable it names is not set
   * @param environment variables set before the user's
   */
  public record Application(
      String version, String executable, List<String> arguments, Map<String, String> environment) {
    /** An application without arguments or environment of its own. */
    public Application(String version, String executable) {
      this(version, executable, List.of(), Map.of());
    }

    /** Takes copies. */
    public Application {
      arguments = List.copyOf(arguments);
      environment = Map.copyOf(environment);
    }
  }

  /** Checks the settings and takes copies. */
  public LocalSiteSettings {
    if (!siteName.matches("[A-Za-z0-9_-]+")) {
      throw new IllegalArgumentException(
          "Local site: the site name '%s' must consist of letters, digits, _ and -"
              .formatted(siteName));
    }
    if (!bindAddress.isLoopbackAddress()) {
      throw new IllegalArgumentException(
          "Local site %s: will not listen on %s, since whoever reaches it may run programs here; use a loopback address"
              .formatted(siteName, bindAddress.getHostAddress()));
    }
    for (String user : users.keySet()) {
      if (!user.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*")) {
        throw new IllegalArgumentException(
            "Local site %s: the user name '%s' must consist of letters, digits, _, - and dots"
                .formatted(siteName, user));
      }
    }
    if (users.isEmpty() || queues.isEmpty()) {
      throw new IllegalArgumentException(
          "Local site %s: needs at least one user and one queue".formatted(siteName));
    }
    users = new LinkedHashMap<>(users);
    queues = new LinkedHashMap<>(queues);
    applications = new LinkedHashMap<>(applications);
  }

  /** The default settings: TLS, any port, user {@code demouser}, queue {@code batch} of 4 nodes. */
  public static Builder builder() {
    return new Builder();
  }

  /** Leaves the passwords out. */
  @Override
  public String toString() {
    return "LocalSiteSettings[%s on %s:%d, users %s, queues %s, state lag %s, queue delay %s]"
        .formatted(siteName, bindAddress, port, users.keySet(), queues, stateLag, queueDelay);
  }

  /** Changes the defaults one by one. */
  public static final class Builder {
    private String siteName = "LOCAL-SITE";
    private InetAddress bindAddress = InetAddress.getLoopbackAddress();
    private int port;
    private boolean tls = true;
    private Path directory;
    private final Map<String, String> users = new LinkedHashMap<>();
    private final Map<String, Queue> queues = new LinkedHashMap<>();
    private final Map<String, Application> applications = new LinkedHashMap<>();
    private Path python;
    private Duration stateLag = Duration.ofSeconds(1);
    private Duration exitCodeGrace = Duration.ofMinutes(2);
    private Duration queueDelay = Duration.ZERO;
    private GatewayFaults gateway = GatewayFaults.NONE;

    private Builder() {
      applications.put("Date", new Application("1.0", "date"));
      applications.put(
          "Bash shell",
          new Application(
              "5.1", "/bin/bash --noprofile", List.of("$SOURCE?", "$ARGUMENTS?"), Map.of()));
    }

    /** The site's name, {@code LOCAL-SITE} by default. */
    public Builder siteName(String name) {
      siteName = name;
      return this;
    }

    /** The loopback address to listen on, {@code 127.0.0.1} by default. */
    public Builder bindAddress(InetAddress address) {
      bindAddress = address;
      return this;
    }

    /** The port to listen on; 0, the default, takes any free one. */
    public Builder port(int number) {
      port = number;
      return this;
    }

    /** Whether to speak TLS, as by default, or plain HTTP. */
    public Builder tls(boolean on) {
      tls = on;
      return this;
    }

    /** The site's directory, kept when the site is closed; by default a temporary one. */
    public Builder directory(Path path) {
      directory = path;
      return this;
    }

    /** Adds a user with a generated password; {@code demouser} if no user is ever added. */
    public Builder user(String name) {
      return user(name, "");
    }

    /** Adds a user with this password. */
    public Builder user(String name, String password) {
      users.put(name, password);
      return this;
    }

    /** Adds a queue; the first is the default queue. {@code batch=4} if no queue is ever added. */
    public Builder queue(String name, Queue queue) {
      queues.put(name, queue);
      return this;
    }

    /** Adds a queue of this many nodes. */
    public Builder queue(String name, int nodes) {
      return queue(name, new Queue(nodes));
    }

    /** Adds or replaces an application; {@code Date} and {@code Bash shell} are there. */
    public Builder application(String name, Application application) {
      applications.put(name, application);
      return this;
    }

    /**
     * Adds the applications {@code dask-scheduler} and {@code dask-worker}, listening on loopback,
     * and makes this Python the {@code python3} of the site's jobs.
     *
     * @param python a Python that has Dask, any version from 2022.12 on
     */
    public Builder dask(Path python) {
      this.python = python.toAbsolutePath();
      return application("dask-scheduler", dask(python, "scheduler"))
          .application("dask-worker", dask(python, "worker"));
    }

    private static Application dask(Path python, String component) {
      return new Application(
          "1.0",
          "%s -m distributed.cli.dask_%s"
              .formatted(JobRunner.quoted(python.toAbsolutePath()), component),
          List.of("--host", "127.0.0.1"),
          Map.of());
    }

    /** The default is two minutes, as that of UNICORE. */
    public Builder exitCodeGrace(Duration grace) {
      exitCodeGrace = grace;
      return this;
    }

    /** How long the reported status lags behind, 1 s by default. */
    public Builder stateLag(Duration lag) {
      stateLag = lag;
      return this;
    }

    /** How long a job waits even if nodes are idle, not at all by default. */
    public Builder queueDelay(Duration delay) {
      queueDelay = delay;
      return this;
    }

    /** The faults of its Gateway, none by default. */
    public Builder gateway(GatewayFaults faults) {
      gateway = faults;
      return this;
    }

    /** The settings. */
    public LocalSiteSettings build() {
      return new LocalSiteSettings(
          siteName,
          bindAddress,
          port,
          tls,
          directory,
          users.isEmpty() ? Map.of("demouser", "") : users,
          queues.isEmpty() ? Map.of("batch", new Queue(4)) : queues,
          applications,
          python,
          stateLag,
          exitCodeGrace,
          queueDelay,
          gateway);
    }
  }
}

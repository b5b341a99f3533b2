package io.unicoredask.localsite;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A UNICORE site on this machine, listening on loopback until it is closed.
 *
 * <p>Jobs live in {@code UNICORE_Jobs/ID/} of its directory and run as processes of the user who
 * started the site. Closing it, and as far as possible killing its JVM, ends them all.
 */
public final class LocalSite implements AutoCloseable {
  private final Path temporary;
  private final Users users;
  private final Path homes;
  private final UserInfo userInfo;
  private final Authentication authentication;
  private final Path certificate;
  private final JobRunner runner;
  private final JobProcessing processing;
  private final Jobs jobs;
  private final SiteServer server;
  private final Gateway gateway;
  private final URI baseUrl;

  private LocalSite(LocalSiteSettings settings) throws IOException {
    temporary =
        settings.directory() == null ? Files.createTempDirectory("unicore-local-site") : null;
    Path directory =
        Files.createDirectories(temporary == null ? settings.directory() : temporary).toRealPath();
    users = new Users(settings.users(), directory.resolve("passwords"));
    homes = directory.resolve("home");
    for (String user : settings.users().keySet()) {
      Files.createDirectories(homes.resolve(user));
    }
    Certificates certificates = Certificates.of(settings.siteName(), directory);
    certificate = certificates.file();
    Tokens tokens = new Tokens(certificates, BaseResource.SERVER_DN);
    userInfo = new UserInfo(users);
    authentication =
        new Authentication(
            users, tokens, new KeyTokens(users, homes, BaseResource.SERVER_DN), userInfo);
    runner = new JobRunner(directory.resolve("bin"), settings.python());
    Allocations allocations = new Allocations();
    processing =
        new JobProcessing(
            settings, runner, new Notifications(tokens, () -> baseUrl().toString()), allocations);
    jobs = new Jobs(directory.resolve("UNICORE_Jobs"), processing, allocations);
    SslContext tls =
        settings.tls()
            ? SslContextBuilder.forServer(certificates.key(), certificates.certificate()).build()
            : null;
    server = new SiteServer(tls);
    gateway = new Gateway(settings.gateway());
    try {
      baseUrl = listen(settings, certificates, tokens);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private URI listen(LocalSiteSettings settings, Certificates certificates, Tokens tokens)
      throws IOException {
    String siteId = settings.siteName() + "-default";
    JobsResource jobsResource = new JobsResource(jobs, processing, siteId);
    Instant end = certificates.certificate().getNotAfter().toInstant();
    Map<String, Resource> resources = new TreeMap<>();
    resources.put("", new BaseResource(settings.siteName(), end));
    resources.put("jobs", jobsResource);
    resources.put("storages", new StoragesResource(jobs, homes));
    resources.put(
        "factories",
        new FactoryResource(settings, "factories", "default_target_system_factory", jobs));
    resources.put("sites", new FactoryResource(settings, "sites", siteId, jobs));
    resources.put("token", new TokenResource(tokens, end));
    resources.put("certificate", new CertificateResource(certificates.file()));
    String scheme = settings.tls() ? "https" : "http";
    InetSocketAddress address =
        server.listen(
            new InetSocketAddress(settings.bindAddress(), settings.port()),
            new HttpRequests(settings.siteName(), scheme, gateway),
            new Router(authentication, resources),
            new ForwardingTarget(authentication, jobsResource),
            gateway);
    return URI.create(
        "%s://localhost:%d/%s/rest/core".formatted(scheme, address.getPort(), settings.siteName()));
  }

  /**
   * Starts a site.
   *
   * @throws IOException if its directory cannot be written or its port is taken
   */
  public static LocalSite start(LocalSiteSettings settings) throws IOException {
    return new LocalSite(settings);
  }

  /** The site's URL, {@code https://localhost:PORT/SITE/rest/core}. */
  public URI baseUrl() {
    return baseUrl;
  }

  /**
   * Has requests go wrong from now on, to see how a client takes it. Forwarded connections are left
   * alone.
   *
   * @param disturbances asked once for each request, by many threads
   */
  public void disturb(Supplier<Disturbance> disturbances) {
    server.disturb(disturbances);
  }

  /**
   * How many answers its Gateway has held back so far, if {@link GatewayFaults} say that it does.
   */
  public long heldAnswers() {
    return gateway.heldAnswers();
  }

  /**
   * Has an OIDC provider asked from now on whose a bearer token is.
   *
   * @param userInfo the provider's userinfo endpoint; what it says as {@code sub} is the user; null
   *     to ask nobody
   */
  public void askAboutTokens(URI userInfo) {
    this.userInfo.ask(userInfo);
  }

  /**
   * A user's home directory. Who signs a token (JWT) with a key in its {@code .ssh/authorized_keys}
   * is that user.
   */
  public Path home(String user) {
    return homes.resolve(user);
  }

  /** Ends all security sessions, as a site that is started again does. */
  public void endSessions() {
    authentication.endSessions();
  }

  /** The first user's name. */
  public String user() {
    return users.first();
  }

  /** The file with the first user's password and nothing else, readable by its owner only. */
  public Path passwordFile() {
    return passwordFile(users.first());
  }

  /**
   * The file with a user's password.
   *
   * @throws IllegalArgumentException if there is no such user
   */
  public Path passwordFile(String user) {
    if (!users.knows(user)) {
      throw new IllegalArgumentException(
          "Local site %s: there is no user '%s'; add it to the settings".formatted(baseUrl, user));
    }
    return users.passwordFile(user);
  }

  /** The certificate in PEM that clients have to trust; valid for localhost, 127.0.0.1 and ::1. */
  public Path certificateFile() {
    return certificate;
  }

  /** All jobs that were not deleted, newest first. */
  public List<LocalJob> jobs() {
    return jobs.all().stream().map(this::view).toList();
  }

  /**
   * Ends a job as its batch system's own command does, {@code scancel} for instance: the site
   * learns of it late, by its status, and at once by its details.
   *
   * @param id the job's id, the last part of its URL
   * @throws IllegalArgumentException if there is no such job
   */
  public void cancel(String id) {
    Job job = jobs.find(id);
    if (job == null) {
      throw new IllegalArgumentException(
          "Local site %s: there is no job '%s'".formatted(baseUrl, id));
    }
    processing.cancel(job);
  }

  private LocalJob view(Job job) {
    Execution execution = processing.execution(job);
    boolean running = execution != null && execution.isAlive();
    return new LocalJob(job.id, job.owner, job.tags(), job.status().name(), running);
  }

  /** How many jobs have processes alive, those of deleted jobs included. */
  public int runningProcesses() {
    return runner.count();
  }

  /** Ends all jobs and connections; returns when no process is left. */
  @Override
  public void close() {
    server.close();
    processing.close();
    if (temporary != null) {
      SiteFiles.deleteTree(temporary);
    }
  }
}

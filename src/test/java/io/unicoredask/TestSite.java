package io.unicoredask;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.unicoredask.application.DaskPython;
import io.unicoredask.autoconfigure.Inside;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.cluster.site.SiteDefaults;
import io.unicoredask.cluster.site.SiteUsers;
import io.unicoredask.cluster.site.UserAccount;
import io.unicoredask.localsite.LocalJob;
import io.unicoredask.localsite.LocalSite;
import io.unicoredask.localsite.LocalSiteSettings;
import io.unicoredask.localsite.LocalSiteSettings.Application;
import io.unicoredask.unicore.RequestGate;
import io.unicoredask.unicore.SiteAccess;
import io.unicoredask.unicore.SiteProxies;
import io.unicoredask.unicore.SiteSettings;
import io.unicoredask.unicore.UnicoreSite;
import io.unicoredask.unicore.UnicoreSites;
import io.unicoredask.unicore.UsernamePassword;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A UNICORE site that runs real Dask, shared by all tests of this JVM. Its queue {@code batch} has
 * nodes enough; its queue {@code full} has one node, which a job of somebody else holds for ever;
 * its queue {@code small} has {@value #SMALL} nodes, for tests that fill it. The path of its
 * directories has in it what a shell takes apart.
 */
public final class TestSite {

  /** How many nodes the queue {@code small} has. */
  public static final int SMALL = 4;

  /** Somebody else at the site. */
  public static final String OTHER_USER = "somebody";

  /** Two who have accounts of their own at the site {@code personal}. */
  public static final String ALICE = "alice";

  public static final String BOB = "bob";

  /** A scheduler's job that is to have a dashboard. */
  public static final String WITH_BOKEH = "{\"Environment\": [\"PYTHONPATH=\"]}";

  /** A worker's job that is to have a nanny, as one of several workers has to. */
  public static final String WITH_NANNY = "{\"Arguments\": [\"--nanny\"]}";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path PYTHON = DaskPython.find(Path.of("target"), line -> {});
  private static final ForkedDask FORKED = new ForkedDask(PYTHON);
  private static final Path PEOPLE = people();
  private static final LocalSite SITE = start();

  private TestSite() {}

  /** The site itself. */
  public static LocalSite site() {
    return SITE;
  }

  /** A Python that has Dask. */
  public static Path python() {
    return PYTHON;
  }

  /** What starts a Python program that uses Dask, soon; its path and arguments follow. */
  public static List<String> client() {
    return FORKED.client();
  }

  /** The jobs that carry a tag, as they really are. */
  public static List<LocalJob> jobs(String tag) {
    return SITE.jobs().stream().filter(job -> job.tags().contains(tag)).toList();
  }

  /**
   * Configures the site as {@code local}, where Dask is an application of the site, and as {@code
   * modules}, where a Python starts it, launched in allocations, and there are templates; as {@code
   * personal}, where clusters have the account of who starts them; as {@code rationed}, where there
   * are limits for all clusters together; and once for each {@link DaskEnvironment}, which starts
   * it as its modules.
   */
  public static class Configuration
      implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    @Override
    public void initialize(ConfigurableApplicationContext context) {
      Inside.openTo(context);
      List<String> names = new ArrayList<>(List.of("local", "modules", "personal", "rationed"));
      for (DaskEnvironment dask : DaskEnvironment.values()) {
        names.add(dask.toString());
        TestPropertyValues.of("unicore-dask.sites.%s.python='%s'".formatted(dask, dask.python()))
            .applyTo(context);
      }
      for (String name : names) {
        String site = "unicore-dask.sites." + name + ".";
        TestPropertyValues.of(
                site + "url=" + SITE.baseUrl(),
                site + "username=" + user(name),
                site + "password-file=" + SITE.passwordFile(user(name)),
                site + "ssl-bundle=local",
                // The clusters of all tests are at this one site.
                site + "max-requests-per-second=1000")
            .applyTo(context);
      }
      String personal = "unicore-dask.sites.personal.";
      TestPropertyValues.of(
              "unicore-dask.credentials.people.token-file=" + tokenFile("{user}"),
              personal + "identity=initiator",
              personal + "initiator.credential=people",
              personal + "initiator.preferences=uid:{user},role:user")
          .applyTo(context);
      String rationed = "unicore-dask.sites.rationed.limits.";
      TestPropertyValues.of(
              rationed + "per-user.clusters=2",
              rationed + "per-user.workers=4",
              rationed + "total.nodes=8",
              rationed + "total.node-hours=1000")
          .applyTo(context);
      String modules = "unicore-dask.sites.modules.";
      TestPropertyValues.of(
              "spring.ssl.bundle.pem.local.truststore.certificate=file:" + SITE.certificateFile(),
              modules + "python='%s'".formatted(PYTHON.toAbsolutePath()),
              modules + "launcher=srun --overlap -n1 -N1",
              modules + "templates.tagged={\"Tags\": [\"from-a-template\"]}",
              modules + "worker-job=tagged",
              modules + "limits.workers=20",
              modules + "limits.jobs=10",
              modules + "limits.lifetime=PT12H")
          .applyTo(context);
    }
  }

  /** Not the same for all: a site keeps five sessions of a user only. */
  private static String user(String site) {
    return List.of("personal", "rationed").contains(site) ? OTHER_USER : SITE.user();
  }

  /**
   * The configuration of an engine that others start, as YAML: it has the site under this name, and
   * looks at it often.
   */
  public static String configuration(String name) {
    return """
    spring.ssl.bundle.pem.local.truststore.certificate: "file:%s"
    unicore-dask:
      watch: {shortest: 100ms, longest: 500ms}
      sites:
        %s:
          url: %s
          username: %s
          password-file: %s
          ssl-bundle: local
    """
        .formatted(SITE.certificateFile(), name, SITE.baseUrl(), SITE.user(), SITE.passwordFile());
  }

  private static LocalSite start() {
    try {
      Path home = Files.createTempDirectory("a site with $1 ");
      LocalSiteSettings.Builder settings =
          LocalSiteSettings.builder()
              .directory(home)
              .user("demouser")
              .user(OTHER_USER)
              .user(ALICE)
              .user(BOB)
              .queue("batch", 256)
              .queue("full", 1)
              .queue("small", SMALL)
              .stateLag(Duration.ofMillis(Long.getLong("test.lag", 300)))
              .dask(PYTHON)
              .application("dask-scheduler", quickDask("scheduler"))
              .application("dask-worker", quickDask("worker", "--no-nanny"));
      for (DaskEnvironment dask : DaskEnvironment.values()) {
        for (String component : List.of("scheduler", "worker")) {
          settings.application(
              "dask-%s-%s".formatted(component, dask),
              new Application(
                  "1.0", "'%s' -m distributed.cli.dask_%s".formatted(dask.python(), component)));
        }
      }
      LocalSite site = LocalSite.start(settings.build());
      Runtime.getRuntime().addShutdownHook(new Thread(() -> close(site, home)));
      addConda(site);
      unicore(site)
          .submit(
              JSON.createObjectNode()
                  .put("Executable", "sleep 3600")
                  .set("Resources", JSON.createObjectNode().put("Queue", "full")));
      return site;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The tokens of people, for which somebody else would see in earnest. */
  private static Path people() {
    try {
      return JvmDirectory.make("people");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void close(LocalSite site, Path home) {
    site.close();
    JvmDirectory.delete(home);
  }

  /**
   * An application as a site has it, but for what takes more than half of Dask's start: a worker's
   * nanny, which can do without, bokeh, which only a dashboard needs, and numpy. {@link
   * #WITH_NANNY} and {@link #WITH_BOKEH} bring them back.
   */
  private static Application quickDask(String component, String... more) throws IOException {
    return new Application(
        "1.0",
        FORKED.command(component),
        Stream.concat(Stream.of("--host", "127.0.0.1"), Stream.of(more)).toList(),
        Map.of("PYTHONPATH", BareDask.path().toString()));
  }

  /** A stand-in for conda on the path of the jobs, with an environment {@code dask}. */
  private static void addConda(LocalSite site) throws IOException {
    try (InputStream conda = TestSite.class.getResourceAsStream("/site/conda")) {
      addProgram(directory(site).resolve("bin/conda"), conda.readAllBytes());
    }
    for (String component : List.of("scheduler", "worker")) {
      String program =
          "#!/bin/bash\nPYTHONPATH='%s' exec %s --host 127.0.0.1 \"$@\"\n"
              .formatted(BareDask.path(), FORKED.command(component));
      addProgram(directory(site).resolve("envs/dask/bin/dask-" + component), program.getBytes());
    }
  }

  /** A program of the resources, put where jobs can run it. */
  public static Path program(String name) throws IOException {
    Path file = directory(SITE).resolve("bin").resolve(name);
    if (Files.exists(file)) {
      return file;
    }
    try (InputStream program = TestSite.class.getResourceAsStream("/site/" + name)) {
      addProgram(file, program.readAllBytes());
    }
    return file;
  }

  private static void addProgram(Path file, byte[] content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** What the batch system was given to run for a job. */
  public static String script(LocalJob job) throws IOException {
    Path jobDirectory = directory(SITE).resolve("UNICORE_Jobs").resolve(job.id());
    try (DirectoryStream<Path> scripts = Files.newDirectoryStream(jobDirectory, "UNICORE_Job_*")) {
      return Files.readString(scripts.iterator().next());
    }
  }

  /** A file in a job's directory. */
  public static String file(LocalJob job, String name) throws IOException {
    return Files.readString(directory(job).resolve(name));
  }

  /** A job's directory. */
  public static Path directory(LocalJob job) {
    return directory(SITE).resolve("UNICORE_Jobs").resolve(job.id());
  }

  private static Path directory(LocalSite site) {
    return site.certificateFile().getParent();
  }

  /** A client of the site. */
  public static UnicoreSite unicore() {
    return unicore(SITE);
  }

  /** A token for an hour that the site has issued. */
  public static String issuedToken() {
    return token(SITE.user(), Duration.ofHours(1));
  }

  /** Where a user's token for the site {@code personal} is looked for. */
  public static Path tokenFile(String user) {
    return PEOPLE.resolve(user + ".token");
  }

  /** Gives a user a token for the site {@code personal} that is good for an hour. */
  public static void renewToken(String user) throws IOException {
    Files.writeString(tokenFile(user), token(user, Duration.ofHours(1)));
  }

  /** Puts one in its place that has expired. */
  public static void expireToken(String user) throws IOException {
    Files.writeString(
        tokenFile(user),
        new PlainJWT(
                new JWTClaimsSet.Builder()
                    .subject(user)
                    .expirationTime(Date.from(Instant.now().minus(Duration.ofHours(1))))
                    .build())
            .serialize());
  }

  private static String token(String user, Duration lifetime) {
    return UnicoreSites.connect(settings(SITE, user, lifetime))
        .authentication()
        .get("Authorization")
        .replaceFirst("^Bearer ", "");
  }

  /** The site, for people with passwords of their own. */
  public static Site usedUnderOwnNames() {
    SiteAccess access = new SiteAccess(settings(SITE, SITE.user(), null), RequestGate.OPEN);
    return new Site(access.own(), trust(SITE), SiteDefaults.NONE)
        .usedBy(
            new SiteUsers(
                user ->
                    new UserAccount(
                        user,
                        UsernamePassword.fromFile(user, SITE.passwordFile(user)),
                        "uid:" + user),
                access));
  }

  /** A client of the site for one of its users. */
  public static UnicoreSite unicoreOf(String user) {
    return unicore(SITE, user);
  }

  /** A client of the site for somebody else. */
  public static UnicoreSite somebodyElses() {
    return unicore(SITE, OTHER_USER);
  }

  /** A client of another site. */
  public static UnicoreSite unicore(LocalSite site) {
    return unicore(site, site.user());
  }

  private static UnicoreSite unicore(LocalSite site, String user) {
    return UnicoreSites.connect(settings(site, user, null));
  }

  private static SiteSettings settings(LocalSite site, String user, Duration tokenLifetime) {
    return new SiteSettings(
        "local",
        site.baseUrl(),
        UsernamePassword.fromFile(user, site.passwordFile(user)),
        trust(site),
        Patience.LIMIT,
        Duration.ofSeconds(30),
        null,
        SiteProxies.ofJava(null),
        tokenLifetime);
  }

  /** What trusts a local site. */
  public static SSLContext trust(LocalSite site) {
    PemSslStoreDetails pem = PemSslStoreDetails.forCertificate("file:" + site.certificateFile());
    return SslBundle.of(new PemSslStoreBundle(null, pem)).createSslContext();
  }
}

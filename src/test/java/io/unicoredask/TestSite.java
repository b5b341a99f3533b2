package io.unicoredask;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.unicoredask.localsite.DaskPython;
import io.unicoredask.localsite.LocalJob;
import io.unicoredask.localsite.LocalSite;
import io.unicoredask.localsite.LocalSiteSettings;
import io.unicoredask.unicore.SiteSettings;
import io.unicoredask.unicore.UnicoreSite;
import io.unicoredask.unicore.UnicoreSites;
import io.unicoredask.unicore.UsernamePassword;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A UNICORE site that runs real Dask, shared by all tests of this JVM. Its queue {@code batch} has
 * nodes enough; its queue {@code full} has one node, which a job of somebody else holds for ever.
 */
public final class TestSite {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path PYTHON = DaskPython.find(Path.of("target"), line -> {});
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

  /** The jobs that carry a tag, as they really are. */
  public static List<LocalJob> jobs(String tag) {
    return SITE.jobs().stream().filter(job -> job.tags().contains(tag)).toList();
  }

  /**
   * Configures the site twice: as {@code local}, where Dask is an application of the site, and as
   * {@code modules}, where a Python starts it, launched in allocations, and there are templates.
   */
  static class Configuration
      implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    @Override
    public void initialize(ConfigurableApplicationContext context) {
      for (String site : List.of("unicore-dask.sites.local.", "unicore-dask.sites.modules.")) {
        TestPropertyValues.of(
                site + "url=" + SITE.baseUrl(),
                site + "username=" + SITE.user(),
                site + "password-file=" + SITE.passwordFile(),
                site + "ssl-bundle=local")
            .applyTo(context);
      }
      String modules = "unicore-dask.sites.modules.";
      TestPropertyValues.of(
              "spring.ssl.bundle.pem.local.truststore.certificate=file:" + SITE.certificateFile(),
              modules + "python=" + PYTHON.toAbsolutePath(),
              modules + "launcher=srun --overlap -n1 -N1",
              modules + "templates.tagged={\"Tags\": [\"from-a-template\"]}",
              modules + "worker-job=tagged")
          .applyTo(context);
    }
  }

  private static LocalSite start() {
    try {
      LocalSite site =
          LocalSite.start(
              LocalSiteSettings.builder()
                  .queue("batch", 64)
                  .queue("full", 1)
                  .stateLag(Duration.ofMillis(300))
                  .dask(PYTHON)
                  .build());
      Runtime.getRuntime().addShutdownHook(new Thread(site::close));
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

  /** A client of the site. */
  public static UnicoreSite unicore() {
    return unicore(SITE);
  }

  /** A client of another local site. */
  public static UnicoreSite unicore(LocalSite site) {
    return UnicoreSites.connect(
        new SiteSettings(
            "local",
            site.baseUrl(),
            UsernamePassword.fromFile(site.user(), site.passwordFile()),
            trust(site),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            null));
  }

  /** What trusts a local site. */
  public static SSLContext trust(LocalSite site) {
    PemSslStoreDetails pem = PemSslStoreDetails.forCertificate("file:" + site.certificateFile());
    return SslBundle.of(new PemSslStoreBundle(null, pem)).createSslContext();
  }
}

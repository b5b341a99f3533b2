package io.unicoredask.application;

import io.unicoredask.localsite.LocalSite;
import io.unicoredask.localsite.LocalSiteSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;

/**
 * Starts the site on this machine before the application's beans are made, if it is enabled, and
 * adds it to the configured sites under the name {@code local}.
 */
class LocalSiteInitializer
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {

  /** The site's name in the configuration. */
  static final String NAME = "local";

  /** The folder of the site and its jobs in the home directory. */
  private static final String SITE = "site";

  private LocalSite site;
  private Path python;
  private boolean makesPassword;

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    ApplicationProperties properties =
        Binder.get(context.getEnvironment())
            .bindOrCreate("application", ApplicationProperties.class);
    if (!properties.localSite().enabled()) {
      return;
    }
    makesPassword = Files.notExists(properties.adminPasswordFile());
    makeDirectory(properties.home());
    makeDirectory(properties.home().resolve(SITE));
    python = DaskPython.find(properties.home(), Tour::say);
    site = start(settings(properties));
    String prefix = "unicore-dask.sites." + NAME + ".";
    context
        .getEnvironment()
        .getPropertySources()
        .addFirst(
            new MapPropertySource(
                "localSite",
                Map.of(
                    prefix + "url", site.baseUrl().toString(),
                    prefix + "username", site.user(),
                    prefix + "password-file", site.passwordFile().toString(),
                    prefix + "ssl-bundle", NAME,
                    "spring.ssl.bundle.pem." + NAME + ".truststore.certificate",
                        site.certificateFile().toUri().toString())));
  }

  private static void makeDirectory(Path directory) {
    try {
      PrivateFiles.makeDirectory(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The directory %s cannot be made; see application.home".formatted(directory), e);
    }
  }

  private static LocalSite start(LocalSiteSettings settings) {
    try {
      return LocalSite.start(settings);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The local site cannot listen on port %d; free it, or choose another with application.local-site.port"
              .formatted(settings.port()),
          e);
    }
  }

  /** The site; null if it is not enabled. */
  LocalSite site() {
    return site;
  }

  /** Whether this start makes the password of the user admin. */
  boolean makesPassword() {
    return makesPassword;
  }

  /** A Python that has Dask; null if the site is not enabled. */
  Path python() {
    return python;
  }

  private LocalSiteSettings settings(ApplicationProperties properties) {
    return LocalSiteSettings.builder()
        .port(properties.localSite().port())
        .directory(properties.home().resolve(SITE))
        .queue("batch", properties.localSite().nodes())
        .dask(python)
        .build();
  }
}

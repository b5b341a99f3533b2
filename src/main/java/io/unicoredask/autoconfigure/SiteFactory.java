package io.unicoredask.autoconfigure;

import io.unicoredask.cluster.Site;
import io.unicoredask.unicore.SiteSettings;
import io.unicoredask.unicore.UnicoreSites;
import io.unicoredask.unicore.UsernamePassword;
import javax.net.ssl.SSLContext;
import org.springframework.boot.ssl.SslBundles;

/** Makes sites from their configuration. */
class SiteFactory {

  private final SslBundles sslBundles;

  SiteFactory(SslBundles sslBundles) {
    this.sslBundles = sslBundles;
  }

  Site site(String name, UnicoreDaskProperties.Site properties) {
    require(name, "url", properties.url());
    require(name, "username", properties.username());
    require(name, "password-file", properties.passwordFile());
    SSLContext ssl =
        properties.sslBundle() == null
            ? null
            : sslBundles.getBundle(properties.sslBundle()).createSslContext();
    SiteSettings settings =
        new SiteSettings(
            name,
            properties.url(),
            UsernamePassword.fromFile(properties.username(), properties.passwordFile()),
            ssl,
            properties.connectTimeout(),
            properties.readTimeout(),
            properties.userPreferences());
    return new Site(UnicoreSites.connect(settings), ssl, properties.queue(), properties.project());
  }

  private static void require(String site, String property, Object value) {
    if (value == null || value.toString().isBlank()) {
      throw new IllegalStateException(
          "unicore-dask.sites.%s.%s is missing; every site needs url, username and password-file"
              .formatted(site, property));
    }
  }
}

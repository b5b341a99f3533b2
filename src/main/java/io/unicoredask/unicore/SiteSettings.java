package io.unicoredask.unicore;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLContext;

/**
 * What it takes to reach one site as one user.
 *
 * @param name the site's name in the configuration, used in every error text
 * @param baseUrl the URL of the site's core services, {@code https://host:port/SITE/rest/core};
 *     http or https, without user, query and fragment; a trailing slash does not matter
 * @param credential proves who we are
 * @param ssl whom to trust and which certificate to show; null for the JDK's defaults
 * @param connectTimeout how long a TCP connection may take; at least a millisecond
 * @param readTimeout how long the site may take to begin its answer, and then to finish it; at
 *     least a millisecond
 * @param userPreferences the value of {@code X-UNICORE-User-Preferences}, {@code
 *     uid:x,role:y,pgid:z} for instance; null for the site's defaults
 * @param proxies which proxy leads to the site
 * @param tokenLifetime how long a token is to live that the site issues, and is shown in place of
 *     the credential from then on; a second or more; null for no such token
 * @param user whose credential it is, in the words of messages; null if it is the site's own
 */
@RecordBuilder
public record SiteSettings(
    String name,
    URI baseUrl,
    Credential credential,
    SSLContext ssl,
    Duration connectTimeout,
    Duration readTimeout,
    String userPreferences,
    SiteProxies proxies,
    Duration tokenLifetime,
    String user)
    implements SiteSettingsBuilder.With {

  /** A site with a credential of its own. */
  public SiteSettings(
      String name,
      URI baseUrl,
      Credential credential,
      SSLContext ssl,
      Duration connectTimeout,
      Duration readTimeout,
      String userPreferences,
      SiteProxies proxies,
      Duration tokenLifetime) {
    this(
        name,
        baseUrl,
        credential,
        ssl,
        connectTimeout,
        readTimeout,
        userPreferences,
        proxies,
        tokenLifetime,
        null);
  }

  /** A site that is reached through no proxy but one of Java's settings that asks for nothing. */
  public SiteSettings(
      String name,
      URI baseUrl,
      Credential credential,
      SSLContext ssl,
      Duration connectTimeout,
      Duration readTimeout,
      String userPreferences) {
    this(
        name,
        baseUrl,
        credential,
        ssl,
        connectTimeout,
        readTimeout,
        userPreferences,
        SiteProxies.ofJava(null),
        null);
  }

  /**
   * @throws IllegalArgumentException if a value cannot be right
   * @throws NullPointerException if a value is missing
   */
  public SiteSettings {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(credential, "credential of site '" + name + "'");
    baseUrl =
        SiteLinks.base(name, Objects.requireNonNull(baseUrl, "baseUrl of site '" + name + "'"));
    Objects.requireNonNull(proxies, "proxies of site '" + name + "'");
    requireAMillisecond(name, "connectTimeout", connectTimeout);
    requireAMillisecond(name, "readTimeout", readTimeout);
    if (tokenLifetime != null && tokenLifetime.toSeconds() < 1) {
      throw new IllegalArgumentException(
          "site '%s': tokenLifetime is %s, but must be a second or more"
              .formatted(name, tokenLifetime));
    }
  }

  /** The same with another credential, which is shown as it is. */
  SiteSettings showing(Credential other) {
    return withCredential(other).withTokenLifetime(null);
  }

  /** The same site as somebody sees it who has a credential of their own. */
  SiteSettings as(String somebody, Credential theirs, String preferences) {
    return withUser(somebody).withCredential(theirs).withUserPreferences(preferences);
  }

  private static void requireAMillisecond(String site, String setting, Duration value) {
    if (value.toMillis() < 1 || value.toMillis() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "site '%s': %s is %s, but must be between a millisecond and 24 days"
              .formatted(site, setting, value));
    }
  }

  /** Name and base URL; never the credential. */
  @Override
  public String toString() {
    return "SiteSettings[name=%s, baseUrl=%s]".formatted(name, baseUrl);
  }
}

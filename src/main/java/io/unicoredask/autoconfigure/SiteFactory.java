package io.unicoredask.autoconfigure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.site.Quota;
import io.unicoredask.cluster.site.RequestBudget;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.cluster.site.SiteDefaults;
import io.unicoredask.cluster.site.SiteLimits;
import io.unicoredask.cluster.site.SiteUsers;
import io.unicoredask.cluster.site.UserName;
import io.unicoredask.unicore.SiteAccess;
import io.unicoredask.unicore.SiteProxies;
import io.unicoredask.unicore.SiteSettings;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import org.springframework.boot.ssl.SslBundles;

/** Makes sites from their configuration. */
class SiteFactory {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** It is renewed when three quarters of it are over. */
  private static final Duration SHORTEST_TOKEN = Duration.ofSeconds(30);

  private final SslBundles sslBundles;
  private final URI notifications;
  private final SiteProxies proxies;
  private final CredentialFactory credentials;

  /**
   * @param shared credentials by the names that sites give them
   * @param proxy what proxies are shown
   * @param notifications below which each site finds its own; null if it is to tell nothing
   */
  SiteFactory(
      SslBundles sslBundles,
      Map<String, UnicoreDaskProperties.Credential> shared,
      UnicoreDaskProperties.Proxy proxy,
      URI notifications) {
    this.sslBundles = sslBundles;
    this.proxies = SiteProxies.ofJava(CredentialFactory.of(proxy));
    this.notifications = notifications;
    this.credentials = new CredentialFactory(sslBundles, proxies, shared);
  }

  Site site(String name, UnicoreDaskProperties.Site properties) {
    String prefix = "unicore-dask.sites." + name;
    if (properties.url() == null || properties.url().toString().isBlank()) {
      throw new IllegalStateException(prefix + ".url is missing; every site needs a url");
    }
    if (!properties.insecure() && !SecretPath.isSafe(properties.url())) {
      // The URL is not shown: somebody may have put a password into it.
      throw new IllegalStateException(
          ("%1$s.url is not https: whoever is on the way could read the credential; only to this very"
                  + " machine may it be http, unless you say %1$s.insecure = true")
              .formatted(prefix));
    }
    SSLContext ssl =
        properties.sslBundle() == null
            ? null
            : sslBundles.getBundle(properties.sslBundle()).createSslContext();
    SiteSettings settings =
        new SiteSettings(
            name,
            properties.url(),
            credentials.of(prefix, properties),
            ssl,
            properties.connectTimeout(),
            properties.readTimeout(),
            preferences(prefix, properties.userPreferences()),
            proxies,
            tokenLifetime(prefix, properties.tokenLifetime()));
    RequestBudget budget = budget(prefix, properties);
    SiteAccess access = new SiteAccess(settings, budget);
    Site site =
        new Site(access.own(), ssl, defaults(name, properties), limits(prefix, properties), budget)
            .notifying(notification(name));
    return properties.identity() == UnicoreDaskProperties.SiteIdentity.INITIATOR
        ? site.usedBy(new SiteUsers(credentials.accounts(prefix, properties), access))
        : withoutInitiator(prefix, properties, site);
  }

  private static Site withoutInitiator(
      String prefix, UnicoreDaskProperties.Site properties, Site site) {
    UnicoreDaskProperties.Initiator given = properties.initiator();
    if (given.credential() != null || given.preferences() != null) {
      throw new IllegalStateException(
          "%1$s.initiator.credential or .preferences has no meaning there: clusters have the site's own account; set %1$s.identity = initiator, or leave them out"
              .formatted(prefix));
    }
    return site;
  }

  private static String preferences(String prefix, String given) {
    String preferences = UserPreferences.checked(prefix + ".user-preferences", given);
    if (preferences != null && preferences.contains(UserName.PLACEHOLDER)) {
      throw new IllegalStateException(
          "%1$s.user-preferences has {user} in it, but is for the site's own account; %1$s.initiator.preferences can have it"
              .formatted(prefix));
    }
    return preferences;
  }

  private static Duration tokenLifetime(String prefix, Duration lifetime) {
    if (lifetime != null && lifetime.compareTo(SHORTEST_TOKEN) < 0) {
      throw new IllegalStateException(
          "%s.token-lifetime = %s; allowed is 30s or more".formatted(prefix, lifetime));
    }
    return lifetime;
  }

  private URI notification(String site) {
    return notifications == null
        ? null
        : URI.create(
            notifications.toString().replaceFirst("/+$", "")
                + "/"
                + URLEncoder.encode(site, StandardCharsets.UTF_8).replace("+", "%20"));
  }

  private static RequestBudget budget(String prefix, UnicoreDaskProperties.Site properties) {
    try {
      return new RequestBudget(properties.maxRequestsPerSecond());
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(prefix + "." + e.getMessage());
    }
  }

  private static SiteLimits limits(String prefix, UnicoreDaskProperties.Site properties) {
    UnicoreDaskProperties.Limits limits = properties.limits();
    try {
      return new SiteLimits(
              limits.workers(),
              limits.jobs(),
              limits.lifetime(),
              limits.queues(),
              limits.projects(),
              limits.templatesOnly())
          .withArguments(limits.arguments())
          .withPerUser(quota("per-user", limits.perUser()))
          .withTotal(quota("total", limits.total()));
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(prefix + ".limits." + e.getMessage());
    }
  }

  private static Quota quota(String name, UnicoreDaskProperties.Quota given) {
    try {
      return new Quota(given.clusters(), given.workers(), given.nodes(), given.nodeHours());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + "." + e.getMessage());
    }
  }

  private static SiteDefaults defaults(String name, UnicoreDaskProperties.Site properties) {
    Map<String, ObjectNode> templates = new TreeMap<>();
    properties.templates().forEach((key, json) -> templates.put(key, template(name, key, json)));
    try {
      return new SiteDefaults(
          properties.queue(),
          properties.project(),
          properties.python(),
          properties.launcher(),
          properties.schedulerJob(),
          properties.workerJob(),
          templates);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          "unicore-dask.sites.%s.scheduler-job or .worker-job: %s".formatted(name, e.getMessage()),
          e);
    }
  }

  private static ObjectNode template(String site, String name, String json) {
    try {
      if (JSON.readTree(json) instanceof ObjectNode template) {
        return template;
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "%s (line %d, column %d)"
              .formatted(
                  notAJob(site, name), e.getLocation().getLineNr(), e.getLocation().getColumnNr()),
          e);
    }
    throw new IllegalStateException(notAJob(site, name));
  }

  private static String notAJob(String site, String name) {
    return "unicore-dask.sites.%s.templates.%s is not a job description in JSON"
        .formatted(site, name);
  }
}

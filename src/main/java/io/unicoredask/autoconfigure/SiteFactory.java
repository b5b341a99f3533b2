package io.unicoredask.autoconfigure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.site.RequestBudget;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.cluster.site.SiteDefaults;
import io.unicoredask.cluster.site.SiteLimits;
import io.unicoredask.unicore.Credential;
import io.unicoredask.unicore.SiteProxies;
import io.unicoredask.unicore.SiteSettings;
import io.unicoredask.unicore.UnicoreSites;
import io.unicoredask.unicore.UsernamePassword;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import org.springframework.boot.ssl.SslBundles;

/** Makes sites from their configuration. */
class SiteFactory {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final SslBundles sslBundles;
  private final URI notifications;
  private final SiteProxies proxies;

  private final Map<String, Credential> credentials = new TreeMap<>();

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
    this.proxies = SiteProxies.ofJava(credential(proxy));
    this.notifications = notifications;
    shared.forEach(
        (alias, credential) ->
            credentials.put(
                alias,
                credential(
                    "unicore-dask.credentials." + alias,
                    credential.username(),
                    credential.passwordFile())));
  }

  Site site(String name, UnicoreDaskProperties.Site properties) {
    String prefix = "unicore-dask.sites." + name;
    require(prefix, "url", properties.url(), "every site needs a url");
    SSLContext ssl =
        properties.sslBundle() == null
            ? null
            : sslBundles.getBundle(properties.sslBundle()).createSslContext();
    SiteSettings settings =
        new SiteSettings(
            name,
            properties.url(),
            credential(prefix, properties),
            ssl,
            properties.connectTimeout(),
            properties.readTimeout(),
            properties.userPreferences(),
            proxies);
    RequestBudget budget = budget(prefix, properties);
    return new Site(
            UnicoreSites.connect(settings, budget),
            ssl,
            defaults(name, properties),
            limits(prefix, properties),
            budget)
        .notifying(notification(name));
  }

  private URI notification(String site) {
    return notifications == null
        ? null
        : URI.create(
            notifications.toString().replaceFirst("/+$", "")
                + "/"
                + URLEncoder.encode(site, StandardCharsets.UTF_8).replace("+", "%20"));
  }

  private Credential credential(String prefix, UnicoreDaskProperties.Site properties) {
    String alias = properties.credential();
    if (isMissing(alias)) {
      return credential(prefix, properties.username(), properties.passwordFile());
    }
    if (!isMissing(properties.username()) || !isMissing(properties.passwordFile())) {
      throw new IllegalStateException(
          "%1$s.credential and %1$s.username or .password-file are both given; give either"
              .formatted(prefix));
    }
    if (!credentials.containsKey(alias)) {
      throw new IllegalStateException(
          "%s.credential = %s is not one of unicore-dask.credentials; there are %s"
              .formatted(prefix, alias, credentials.keySet()));
    }
    return credentials.get(alias);
  }

  private static Credential credential(UnicoreDaskProperties.Proxy proxy) {
    return isMissing(proxy.username()) && isMissing(proxy.passwordFile())
        ? null
        : credential("unicore-dask.proxy", proxy.username(), proxy.passwordFile());
  }

  private static Credential credential(String prefix, String username, Path passwordFile) {
    String needed =
        prefix.startsWith("unicore-dask.sites.")
            ? "every site needs username and password-file, or credential"
            : "username and password-file belong together";
    require(prefix, "username", username, needed);
    require(prefix, "password-file", passwordFile, needed);
    return UsernamePassword.fromFile(username, passwordFile);
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
          limits.templatesOnly());
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(prefix + ".limits." + e.getMessage());
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

  private static void require(String prefix, String property, Object value, String needed) {
    if (isMissing(value)) {
      throw new IllegalStateException("%s.%s is missing; %s".formatted(prefix, property, needed));
    }
  }

  private static boolean isMissing(Object value) {
    return value == null || value.toString().isBlank();
  }
}

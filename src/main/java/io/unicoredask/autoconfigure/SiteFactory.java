package io.unicoredask.autoconfigure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.Site;
import io.unicoredask.cluster.SiteDefaults;
import io.unicoredask.unicore.SiteSettings;
import io.unicoredask.unicore.UnicoreSites;
import io.unicoredask.unicore.UsernamePassword;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import org.springframework.boot.ssl.SslBundles;

/** Makes sites from their configuration. */
class SiteFactory {

  private static final ObjectMapper JSON = new ObjectMapper();

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
    return new Site(UnicoreSites.connect(settings), ssl, defaults(name, properties));
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

  private static void require(String site, String property, Object value) {
    if (value == null || value.toString().isBlank()) {
      throw new IllegalStateException(
          "unicore-dask.sites.%s.%s is missing; every site needs url, username and password-file"
              .formatted(site, property));
    }
  }
}

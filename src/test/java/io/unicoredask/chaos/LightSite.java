package io.unicoredask.chaos;

import io.unicoredask.TestDatabase;
import io.unicoredask.localsite.LocalSite;
import io.unicoredask.localsite.LocalSiteSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A site whose Dask only looks like it, so that many clusters can run on a small machine. */
class LightSite {

  private static final Path PROGRAM =
      Path.of("src/test/resources/site/light-dask.py").toAbsolutePath();

  private LightSite() {}

  static LocalSite start() throws IOException {
    return LocalSite.start(
        LocalSiteSettings.builder()
            .tls(false)
            .queue("batch", 1000)
            .stateLag(Duration.ofMillis(300))
            .application("dask-scheduler", application("scheduler"))
            .application("dask-worker", application("worker"))
            .build());
  }

  private static LocalSiteSettings.Application application(String component) {
    return new LocalSiteSettings.Application(
        "1", "python3 -S -E '%s' %s".formatted(PROGRAM, component));
  }

  /** The same, of a node of an engine on another database than its own. */
  static List<String> configuration(LocalSite site, TestDatabase database) {
    List<String> arguments = new ArrayList<>(configuration(site));
    database.properties().forEach(property -> arguments.add("--" + property));
    return arguments;
  }

  /** Arguments of an engine that uses the site, and is in a hurry. */
  static List<String> configuration(LocalSite site) {
    String local = "--unicore-dask.sites.local.";
    return List.of(
        local + "url=" + site.baseUrl(),
        local + "username=" + site.user(),
        local + "password-file=" + site.passwordFile(),
        local + "read-timeout=2s",
        local + "max-requests-per-second=1000",
        // So that what clusters take is counted on this database, too.
        local + "limits.per-user.clusters=1000",
        // A client that is slow finds its connection closed otherwise, and cannot tell whether its
        // request has been taken.
        "--server.tomcat.keep-alive-timeout=10m",
        "--unicore-dask.watch.shortest=200ms",
        "--unicore-dask.watch.longest=1s",
        "--unicore-dask.watch.lease=3s",
        "--unicore-dask.sweep.interval=2s",
        "--unicore-dask.sweep.grace=6s");
  }

  /**
   * The variables of a cluster whose time is not over when the machine is busy. What only looks
   * like Dask starts no relay, which a cluster would wait for.
   */
  static Map<String, Object> request(int workers) {
    return Map.of(
        "localPort",
        Map.of("value", 0),
        "tunnel",
        Map.of("value", "direct"),
        "workers",
        Map.of("value", workers),
        "startTimeout",
        Map.of("value", "PT1H"),
        "connectionTimeout",
        Map.of("value", "PT1H"));
  }
}

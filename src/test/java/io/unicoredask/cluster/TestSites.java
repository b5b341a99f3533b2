package io.unicoredask.cluster;

import io.unicoredask.cluster.site.Site;
import io.unicoredask.cluster.site.SiteDefaults;
import io.unicoredask.unicore.SiteSettings;
import io.unicoredask.unicore.UnicoreSites;
import io.unicoredask.unicore.UsernamePassword;
import java.net.URI;
import java.time.Duration;

/** Sites for tests that ask none. */
public final class TestSites {

  private TestSites() {}

  public static Site unreachable(String name) {
    SiteSettings settings =
        new SiteSettings(
            name,
            URI.create("https://" + name + ".example.org/HPC/rest/core"),
            UsernamePassword.of("user", "secret"),
            null,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            null);
    return new Site(UnicoreSites.connect(settings), null, SiteDefaults.NONE);
  }
}

package io.unicoredask.cluster.site;

import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import javax.net.ssl.SSLContext;

/**
 * A site that clusters can run at.
 *
 * @param unicore its REST API
 * @param ssl what decides whom to trust when a port is forwarded; null for the JDK's default
 * @param defaults what jobs are like that are not described otherwise
 * @param catalogue the queues and applications that it has
 * @param limits how large and how old a cluster may become
 * @param budget how many requests it gets; the one that its REST API was connected with
 * @param notification what the site is to tell what becomes of our jobs; null if nothing
 */
public record Site(
    UnicoreSite unicore,
    SSLContext ssl,
    SiteDefaults defaults,
    SiteCatalogue catalogue,
    SiteLimits limits,
    RequestBudget budget,
    URI notification) {

  /** A site whose queues and applications are looked up when they are first needed. */
  public Site(
      UnicoreSite unicore,
      SSLContext ssl,
      SiteDefaults defaults,
      SiteLimits limits,
      RequestBudget budget) {
    this(unicore, ssl, defaults, new SiteCatalogue(unicore), limits, budget, null);
  }

  /** The same, without limits, and with a budget that nothing is taken from. */
  public Site(UnicoreSite unicore, SSLContext ssl, SiteDefaults defaults) {
    this(unicore, ssl, defaults, SiteLimits.NONE, new RequestBudget(RequestBudget.DEFAULT_RATE));
  }

  /** The same site, which is to tell this URL what becomes of our jobs; null for none. */
  public Site notifying(URI url) {
    return new Site(unicore, ssl, defaults, catalogue, limits, budget, url);
  }

  /** A URL at the site, relative to its base URL. */
  public URI relative(URI url) {
    return unicore.relative(url);
  }

  /** What is shown to people of a URL that is relative to the site's base URL: all of it. */
  public URI url(URI relative) {
    return unicore.resolve(relative);
  }
}

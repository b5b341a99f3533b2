package io.unicoredask.cluster.site;

import io.soabase.recordbuilder.core.RecordBuilder;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * A site that clusters can run at, as one account sees it.
 *
 * @param unicore its REST API
 * @param ssl what decides whom to trust when a port is forwarded; null for the JDK's default
 * @param defaults what jobs are like that are not described otherwise
 * @param catalogue the queues and applications that it has
 * @param limits how large and how old a cluster may become
 * @param budget how many requests it gets; the one that its REST API was connected with
 * @param notification what the site is to tell what becomes of our jobs; null if nothing
 * @param users those who start clusters under their own names; null if all clusters have the site's
 *     own account
 */
@RecordBuilder
public record Site(
    UnicoreSite unicore,
    SSLContext ssl,
    SiteDefaults defaults,
    SiteCatalogue catalogue,
    SiteLimits limits,
    RequestBudget budget,
    URI notification,
    SiteUsers users)
    implements SiteBuilder.With {

  /** A site whose queues and applications are looked up when they are first needed. */
  public Site(
      UnicoreSite unicore,
      SSLContext ssl,
      SiteDefaults defaults,
      SiteLimits limits,
      RequestBudget budget) {
    this(unicore, ssl, defaults, new SiteCatalogue(unicore), limits, budget, null, null);
  }

  /** The same, without limits, and with a budget that nothing is taken from. */
  public Site(UnicoreSite unicore, SSLContext ssl, SiteDefaults defaults) {
    this(unicore, ssl, defaults, SiteLimits.NONE, new RequestBudget(RequestBudget.DEFAULT_RATE));
  }

  /** The same site, which is to tell this URL what becomes of our jobs; null for none. */
  public Site notifying(URI url) {
    return withNotification(url);
  }

  /** The same site, at which clusters are started under people's own names; null for none. */
  public Site usedBy(SiteUsers people) {
    return withUsers(people);
  }

  /** Whether a cluster has the account of who starts it. */
  public boolean isUsedUnderOwnNames() {
    return users != null;
  }

  /**
   * Why somebody could not use it under their own name now, as far as can be seen without asking
   * the site: whose credential is missing, and which file.
   *
   * @param user their name in the engine; null if it is not known who they are
   */
  public Optional<String> problem(String user) {
    return users.problem(user, unicore.name());
  }

  /**
   * The site as somebody sees it under their own name. It tells nobody what becomes of their jobs,
   * since it would say so in the name of somebody whom we do not know there.
   *
   * @param user their name in the engine; null for the site's own account
   * @throws IllegalStateException if nobody has a credential of their own there (any more)
   */
  public Site as(String user) {
    if (user == null) {
      return this;
    }
    if (users == null) {
      throw new IllegalStateException(
          "the jobs of this cluster belong to the user '%1$s', whose credential for site '%2$s' is not configured (any more). Set unicore-dask.sites.%2$s.identity = initiator again, with what belongs to it, and retry."
              .formatted(user, unicore.name()));
    }
    UnicoreSite theirs = users.of(user);
    return withUnicore(theirs).withCatalogue(new SiteCatalogue(theirs)).withNotification(null);
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

package io.unicoredask.cluster.site;

import io.unicoredask.unicore.CredentialException;
import io.unicoredask.unicore.SiteAccess;
import io.unicoredask.unicore.UnicoreSite;
import java.util.Optional;
import java.util.function.Function;

/** The people who use a site under their own names, each with a credential of their own. */
public final class SiteUsers {

  private final Function<String, UserAccount> accounts;
  private final SiteAccess access;
  private final Interned<String, UnicoreSite> sites = new Interned<>(this::seenBy);

  /**
   * @param accounts finds the account of one of the engine's users, whose name is {@linkplain
   *     UserName#isAllowed allowed}; asks nobody
   * @param access the site
   */
  public SiteUsers(Function<String, UserAccount> accounts, SiteAccess access) {
    this.accounts = accounts;
    this.access = access;
  }

  /**
   * Why somebody could not use the site now, as far as can be seen without asking it: whose
   * credential is missing, and which file.
   */
  Optional<String> problem(String user, String site) {
    if (user == null) {
      return Optional.of(
          "site = %1$s, where jobs are submitted under people's own names (unicore-dask.sites.%1$s.identity = initiator), but it is not known who starts this; start it, or the process that calls it, as a user: over REST with a login, in Java after identityService.setAuthenticatedUserId(…). Of a process that went on for a while the engine's history says who, if it is on"
              .formatted(site));
    }
    if (!UserName.isAllowed(user)) {
      return Optional.of(
          "the user '%s' has no credential for site '%s': jobs are submitted there under people's own names, for which a user's name has to be of lower-case letters, digits, _ . @ and -, up to 64 of them, and begin with a letter, a digit or _"
              .formatted(user, site));
    }
    try {
      accounts.apply(user).credential().state();
      return Optional.empty();
    } catch (CredentialException e) {
      return Optional.of(
          "the user '%s' has no credential for site '%s', where jobs are submitted under people's own names: %s"
              .formatted(user, site, e.getMessage()));
    }
  }

  /** The site as somebody sees it. */
  UnicoreSite of(String user) {
    return sites.get(user);
  }

  private UnicoreSite seenBy(String user) {
    UserAccount account = accounts.apply(user);
    return access.of(user, account.credential(), account.preferences());
  }
}

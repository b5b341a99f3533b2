package io.unicoredask.unicore;

import feign.Client;

/**
 * One site, as it is used with its own credential and by any number of people with theirs. They
 * share its connections, its gate, and what is known of whether it answers; a credential or a
 * security session is nobody else's.
 */
public final class SiteAccess {

  private final SiteSettings settings;
  private final Client transport;
  private final UnicoreSite own;

  /**
   * Makes no request.
   *
   * @param settings those of the site's own credential
   * @param gate what every request passes, whoever makes it
   */
  public SiteAccess(SiteSettings settings, RequestGate gate) {
    this.settings = settings;
    this.transport = UnicoreSites.transport(settings, gate);
    this.own = UnicoreSites.through(transport, settings);
  }

  /** The site as it is seen with its own credential. */
  public UnicoreSite own() {
    return own;
  }

  /**
   * The site as somebody else sees it. Keep it, for its session. What keeps their credential from
   * being used or taken is a {@link UserCredentialException}.
   *
   * @param user who they are, in the words of messages
   * @param credential proves it to the site
   * @param preferences the value of {@code X-UNICORE-User-Preferences}; null for the site's
   *     defaults
   */
  public UnicoreSite of(String user, Credential credential, String preferences) {
    return UnicoreSites.through(transport, settings.as(user, credential, preferences));
  }
}

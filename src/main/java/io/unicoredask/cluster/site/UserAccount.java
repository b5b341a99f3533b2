package io.unicoredask.cluster.site;

import io.unicoredask.unicore.Credential;

/**
 * What one of the engine's users is to a site.
 *
 * @param user their name in the engine
 * @param credential proves to the site who they are
 * @param preferences the value of {@code X-UNICORE-User-Preferences}; null for the site's defaults
 */
public record UserAccount(String user, Credential credential, String preferences) {}

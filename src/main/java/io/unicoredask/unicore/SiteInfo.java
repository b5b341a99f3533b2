package io.unicoredask.unicore;

/**
 * What a site says of itself and of us.
 *
 * @param siteName the site's own name, {@code DEMO-SITE} for instance
 * @param version the version of UNICORE/X
 * @param acceptsJobs whether job submission is enabled
 * @param dn our distinguished name
 * @param role the role that was selected for us, {@code user} usually
 * @param uid the Unix login that our jobs run under; never null
 */
public record SiteInfo(
    String siteName, String version, boolean acceptsJobs, String dn, String role, String uid) {}

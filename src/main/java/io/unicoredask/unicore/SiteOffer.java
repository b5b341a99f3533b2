package io.unicoredask.unicore;

import java.util.Set;

/**
 * What a site offers, put together from its target system factories.
 *
 * @param queues the names of the batch queues
 * @param applications the names of the applications in the site's IDB, without their versions
 */
public record SiteOffer(Set<String> queues, Set<String> applications) {}

package io.unicoredask.unicore;

/**
 * A storage of the site.
 *
 * @param ready whether its files can be used yet
 * @param mountPoint its absolute path on the site, ending in a slash; null if not ready and not
 *     known yet
 */
public record Storage(boolean ready, String mountPoint) {}

package io.unicoredask.cluster.identity;

import java.time.Instant;

/**
 * What this process has at a site since it began to look after the clusters.
 *
 * @param token that of its claim
 * @param from when it may act, unless somebody objects before
 * @param acts whether it may already
 */
record Holding(String token, Instant from, boolean acts) {}

package io.unicoredask.cluster.identity;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an engine has on record of its claims.
 *
 * @param claims by site
 * @param engines the fingerprints of its nodes, the newest last
 */
public record OnRecord(Map<String, StoredClaim> claims, List<String> engines) {

  StoredClaim at(String site) {
    return claims.getOrDefault(site, StoredClaim.NONE);
  }

  /** Those of all sites: two names in the configuration may lead to one home directory. */
  Set<String> tokens() {
    return claims.values().stream()
        .flatMap(claim -> claim.tokens().stream())
        .collect(Collectors.toSet());
  }
}

package io.unicoredask.cluster.identity;

import java.time.Instant;
import java.util.Optional;

/**
 * What is known when it is to be judged whether an engine may act at a site.
 *
 * @param site the site's name in the configuration
 * @param identity who the engine is; {@code takeOver} only as long as it has not been done
 * @param record what it has on record
 * @param file what is in the file; nothing if there is none
 * @param held what this process has there; nothing if it has nothing yet
 * @param fresh a token that was never used, for a new claim
 * @param now the time
 */
record Situation(
    String site,
    Identity identity,
    OnRecord record,
    Optional<Claim> file,
    Optional<Holding> held,
    String fresh,
    Instant now) {

  StoredClaim stored() {
    return record.at(site);
  }

  /** Whether this process acts at the site, and goes on unless it learns better. */
  boolean isIncumbent() {
    return held.filter(Holding::acts).isPresent();
  }
}

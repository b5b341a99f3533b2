package io.unicoredask.cluster.site;

import io.unicoredask.unicore.SiteOffer;
import io.unicoredask.unicore.UnicoreException;
import io.unicoredask.unicore.UnicoreSite;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queues and applications of one site, remembered for some minutes.
 *
 * <p>An offer that cannot be read is no offer, and no error: it would stop what may well work, and
 * a site that is out of reach says so when the job is submitted.
 */
public final class SiteCatalogue {

  private static final Logger LOG = LoggerFactory.getLogger(SiteCatalogue.class);
  private static final Duration KEPT = Duration.ofMinutes(5);

  /** So that many who ask do not each wait for a site that does not answer. */
  private static final Duration FAILURE_KEPT = Duration.ofSeconds(10);

  private final UnicoreSite site;
  private final Cached<Optional<SiteOffer>> offer =
      new Cached<>(this::lookUp, found -> found.isPresent() ? KEPT : FAILURE_KEPT);

  /** Asks the site nothing yet. */
  SiteCatalogue(UnicoreSite site) {
    this.site = site;
  }

  public Optional<SiteOffer> offer() {
    return offer.get();
  }

  /** The offer as it is after this one was read. */
  public Optional<SiteOffer> newer(Optional<SiteOffer> than) {
    return offer.newer(than);
  }

  /** What the site offered when it was last asked, however long ago; does not ask it. */
  public Optional<SiteOffer> known() {
    return offer.last().flatMap(found -> found);
  }

  /** Remembers an offer that the site has just made. */
  public void remember(SiteOffer made) {
    offer.put(Optional.of(made));
  }

  private Optional<SiteOffer> lookUp() {
    try {
      return Optional.of(site.offer());
    } catch (UnicoreException e) {
      LOG.warn("Queues and applications are submitted unchecked: {}", e.getMessage());
      return Optional.empty();
    }
  }
}

package io.unicoredask.cluster.identity;

import io.unicoredask.cluster.site.Sites;
import io.unicoredask.unicore.UnicoreException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine's claims at all its sites, for as long as this node looks after the clusters. */
public final class SiteClaims implements Permit {

  private static final Logger LOG = LoggerFactory.getLogger(SiteClaims.class);

  private final Map<String, SiteClaim> claims = new TreeMap<>();

  /**
   * @param sites where the engine may act
   * @param identity who it is
   * @param records where its claims are on record
   * @param leads whether this node, and no other, looks after the clusters; asked before anything
   *     is written
   */
  public SiteClaims(Sites sites, Identity identity, ClaimRecords records, BooleanSupplier leads) {
    for (String name : sites.names()) {
      claims.put(
          name,
          new SiteClaim(
              sites.get(name).unicore(), identity, records, leads, InstantSource.system()));
    }
  }

  /** Looks whether the engine may act at a site. One that cannot be asked is left for later. */
  public void renew(String site) {
    try {
      claims.get(site).renew();
    } catch (UnicoreException | HandsOffException e) {
      LOG.debug("Could not renew this engine's claim: {}", e.getMessage());
    }
  }

  @Override
  public void require(String site) {
    SiteClaim claim = claims.get(site);
    if (claim != null) {
      requireToAct(claim.current());
    }
  }

  @Override
  public void requireNow(String site) {
    SiteClaim claim = claims.get(site);
    if (claim != null) {
      requireToAct(claim.renew());
    }
  }

  private static void requireToAct(Verdict verdict) {
    if (!(verdict instanceof Verdict.Act)) {
      throw new HandsOffException(verdict.words(), verdict instanceof Verdict.Wait);
    }
  }

  /** By site, whether the engine may act; without those that have not been asked yet. */
  public Map<String, Verdict> verdicts() {
    Map<String, Verdict> verdicts = new TreeMap<>();
    claims.forEach(
        (site, claim) -> claim.verdict().ifPresent(verdict -> verdicts.put(site, verdict)));
    return verdicts;
  }

  /**
   * Says at all sites that nothing acts there now, so that an engine on another machine may begin
   * at once.
   *
   * @param atMost how long it may take; what is not done then is left
   */
  public void release(Duration atMost) {
    ExecutorService releasing =
        Executors.newCachedThreadPool(
            work -> {
              Thread thread = new Thread(work, "unicore-dask-release");
              thread.setDaemon(true);
              return thread;
            });
    claims.forEach((site, claim) -> releasing.execute(() -> release(site, claim)));
    releasing.shutdown();
    try {
      releasing.awaitTermination(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    releasing.shutdownNow();
  }

  private static void release(String site, SiteClaim claim) {
    try {
      claim.release();
    } catch (RuntimeException e) {
      LOG.info(
          "Site '{}': could not note that this engine ends; one on another machine waits before it"
              + " begins: {}",
          site,
          e.getMessage());
    }
  }
}

package io.unicoredask.cluster.identity;

import io.unicoredask.unicore.NoHomeException;
import io.unicoredask.unicore.UnicoreException;
import io.unicoredask.unicore.UnicoreSite;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine's claim at one site: reads and writes it as {@link ClaimRules} have it. */
class SiteClaim {

  private static final Logger LOG = LoggerFactory.getLogger(SiteClaim.class);

  /** What was seen so long ago counts no more when something is to be done. */
  private static final Duration FRESH = Duration.ofSeconds(60);

  private final UnicoreSite site;
  private final Identity identity;
  private final ClaimRecords records;
  private final BooleanSupplier leads;
  private final InstantSource clock;
  private final String file;
  private Optional<Holding> held = Optional.empty();
  private Instant seen = Instant.MIN;
  private boolean takenOver;
  private boolean hasNoHome;
  private volatile Optional<Verdict> verdict = Optional.empty();

  SiteClaim(
      UnicoreSite site,
      Identity identity,
      ClaimRecords records,
      BooleanSupplier leads,
      InstantSource clock) {
    this.site = site;
    this.identity = identity;
    this.records = records;
    this.leads = leads;
    this.clock = clock;
    this.file = Claim.file(identity.installation());
  }

  /** What was found last; nothing if the site has not been asked yet. */
  Optional<Verdict> verdict() {
    return verdict;
  }

  /** Asks the site unless it did of late. */
  synchronized Verdict current() {
    Instant now = clock.instant();
    boolean counts =
        verdict.isPresent()
            && now.isBefore(seen.plus(FRESH))
            && !(verdict.get() instanceof Verdict.Wait wait && !now.isBefore(wait.until()));
    return counts ? verdict.get() : renew();
  }

  /**
   * Asks the site, and writes what is to be written there.
   *
   * @throws UnicoreException if the site cannot say
   */
  synchronized Verdict renew() {
    Instant now = clock.instant();
    Verdict found;
    try {
      // The file first: what is in it is on record before.
      Optional<Claim> claim = read();
      OnRecord record = records.read();
      Judgement judgement =
          ClaimRules.judge(new Situation(site.name(), who(), record, claim, held, token(), now));
      judgement.write().ifPresent(next -> write(next, claim, record));
      held = judgement.holding();
      takenOver = true;
      found = judgement.verdict();
    } catch (NoHomeException e) {
      found = withoutHome(e);
    }
    say(found);
    seen = now;
    verdict = Optional.of(found);
    return found;
  }

  /** Says in the file that nothing acts here now. */
  synchronized void release() {
    if (hasNoHome || held.filter(Holding::acts).isEmpty()) {
      return;
    }
    read()
        .filter(claim -> claim.token().equals(held.get().token()))
        .ifPresent(
            claim ->
                site.writeHomeFile(
                    file, claim.asReleased(clock.instant().toEpochMilli()).toJson()));
    held = Optional.empty();
  }

  /** It is taken over once only: somebody who takes over later has the last word. */
  private Identity who() {
    return takenOver && identity.takeOver()
        ? new Identity(identity.installation(), identity.fingerprint(), identity.probation(), false)
        : identity;
  }

  private static String token() {
    return UUID.randomUUID().toString();
  }

  private Optional<Claim> read() {
    Optional<byte[]> content = site.homeFile(file);
    if (content.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Claim.read(content.get()));
    } catch (IOException e) {
      // It may be one that is being written.
      throw new UnicoreException(
          site.name(),
          "GET",
          URI.create("~/" + file),
          200,
          true,
          "the file does not say which engine acts here (%s). If it stays like that, delete it at the site"
              .formatted(e.getClass().getSimpleName()),
          null);
    }
  }

  private void write(Claim next, Optional<Claim> before, OnRecord record) {
    if (!leads.getAsBoolean()) {
      throw new HandsOffException(
          "This node no longer looks after the clusters; another does (site '%s')"
              .formatted(site.name()),
          true);
    }
    if (next.denied().size() > before.map(claim -> claim.denied().size()).orElse(0)) {
      LOG.warn(
          "Site '{}': another engine had claimed the jobs there with a copy of this one's record; it"
              + " is denied",
          site.name());
    }
    records.write(site.name(), record.at(site.name()).with(next));
    site.writeHomeFile(file, next.toJson());
  }

  private Verdict withoutHome(NoHomeException reason) {
    if (!hasNoHome) {
      hasNoHome = true;
      LOG.warn(
          "Site '{}': a copy of this engine's database could not be told from it there: {}",
          site.name(),
          reason.getMessage());
    }
    return new Verdict.Act("this engine acts there; a copy of its database would do so as well");
  }

  private void say(Verdict found) {
    if (verdict.isPresent() && verdict.get().getClass() == found.getClass()) {
      return;
    }
    if (found instanceof Verdict.HandsOff) {
      LOG.error("{}", found.words());
    } else if (found instanceof Verdict.Wait) {
      LOG.warn("{}", found.words());
    } else if (verdict.isPresent()) {
      LOG.info("Site '{}': this engine acts there now", site.name());
    }
  }
}

package io.unicoredask.cluster.identity;

import io.unicoredask.cluster.identity.Verdict.Act;
import io.unicoredask.cluster.identity.Verdict.HandsOff;
import io.unicoredask.cluster.identity.Verdict.Wait;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Decides whether an engine may act at a site. Pure: the same situation always leads to the same
 * judgement, and nothing is asked or done.
 *
 * <p>An engine knows the token of its own claim. A copy of its database knows it too, until one of
 * them claims anew; so whoever begins to act claims anew, and whoever does that from another place
 * waits first. The one that acts already sees it, and denies it.
 */
final class ClaimRules {

  private static final String REMEDY =
      " If this engine is the one that is to act there, shut the other down and start this one once"
          + " with unicore-dask.identity.take-over=true";

  private final Situation seen;

  private ClaimRules(Situation seen) {
    this.seen = seen;
  }

  static Judgement judge(Situation seen) {
    return new ClaimRules(seen).judge();
  }

  private Judgement judge() {
    if (seen.identity().takeOver()) {
      return takeOver();
    }
    if (seen.file().isEmpty()) {
      return withoutFile();
    }
    Claim file = seen.file().get();
    if (file.isOneOf(seen.record().tokens())) {
      return seen.held().isPresent() ? goOn(file, seen.held().get()) : begin(file);
    }
    return ofSomebodyElse(file);
  }

  /** The operator says so. */
  private Judgement takeOver() {
    Stream<String> former =
        seen.file().filter(file -> !file.isOneOf(seen.record().tokens())).stream()
            .map(Claim::token);
    return act(claim(withOwn(List.of()), Stream.concat(denied(), former).toList()));
  }

  private Judgement withoutFile() {
    StoredClaim stored = seen.stored();
    boolean first = stored.tokens().isEmpty();
    return seen.isIncumbent() || first || knows(stored.engines())
        ? act(claim(withOwn(stored.engines()), List.of()))
        : await(claim(stored.engines(), List.of()));
  }

  /** The file is what this engine knows; it begins to look after its clusters. */
  private Judgement begin(Claim file) {
    return file.released() || knows(file.engines())
        ? act(claim(withOwn(file.engines()), file.denied()))
        : await(claim(file.engines(), file.denied()));
  }

  /** The file is what this engine knows, and it has seen that before. */
  private Judgement goOn(Claim file, Holding held) {
    if (!held.acts() && seen.now().isBefore(held.from())) {
      return new Judgement(waiting(held.from()), Optional.of(held), Optional.empty());
    }
    Claim next = file.with(withOwn(List.of()));
    boolean news = file.released() || !file.engines().containsAll(withOwn(List.of()));
    return new Judgement(
        acting(),
        Optional.of(new Holding(file.token(), held.from(), true)),
        news ? Optional.of(next) : Optional.empty());
  }

  /** It was claimed by somebody whose token is not on record here. */
  private Judgement ofSomebodyElse(Claim file) {
    if (file.deniesOneOf(seen.record().tokens())) {
      return handsOff("an engine that acts there has denied this one's claim");
    }
    if (!seen.isIncumbent()) {
      return handsOff("an engine with a newer record has acted there since");
    }
    return act(
        claim(
            withOwn(seen.stored().engines()),
            Stream.concat(denied(), Stream.of(file.token())).toList()));
  }

  private Stream<String> denied() {
    return seen.file().stream().flatMap(file -> file.denied().stream());
  }

  private boolean knows(List<String> engines) {
    return engines.contains(seen.identity().fingerprint());
  }

  private List<String> withOwn(List<String> engines) {
    return Claim.last(
        Integer.MAX_VALUE,
        Stream.of(engines, seen.record().engines(), List.of(seen.identity().fingerprint()))
            .flatMap(List::stream));
  }

  private Claim claim(List<String> engines, List<String> denied) {
    long generation =
        Math.max(seen.stored().generation(), seen.file().map(Claim::generation).orElse(0L));
    return new Claim(
        generation + 1, seen.fresh(), engines, false, denied, seen.now().toEpochMilli());
  }

  private Judgement act(Claim claim) {
    return new Judgement(
        acting(), Optional.of(new Holding(claim.token(), seen.now(), true)), Optional.of(claim));
  }

  private Judgement await(Claim claim) {
    Instant until = seen.now().plus(seen.identity().probation());
    return new Judgement(
        waiting(until), Optional.of(new Holding(claim.token(), until, false)), Optional.of(claim));
  }

  private static Act acting() {
    return new Act("this engine acts there");
  }

  private Wait waiting(Instant until) {
    return new Wait(
        until,
        ("This engine runs on another machine or database than before, or did not end well. To begin"
                + " at once, start it with unicore-dask.identity.take-over=true; otherwise nothing is"
                + " done at site '%s' until %s, so that the original can object if it is a copy")
            .formatted(seen.site(), until.truncatedTo(ChronoUnit.SECONDS)));
  }

  private Judgement handsOff(String why) {
    return new Judgement(
        new HandsOff(
            "This engine's database is a copy or an older state.%s. Until then nothing is done at site '%s': %s"
                .formatted(REMEDY, seen.site(), why)),
        Optional.empty(),
        Optional.empty());
  }
}

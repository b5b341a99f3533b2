package io.unicoredask.cluster.identity;

import java.util.List;
import java.util.stream.Stream;

/**
 * What an engine has on record of its claim at a site.
 *
 * @param generation that of the newest claim, from 1 on
 * @param tokens those of the last claims, the newest last. Each is put here before it is put into
 *     the file, so that a crash in between leaves no file that the engine does not know.
 * @param engines the fingerprints that were in the newest claim
 */
public record StoredClaim(long generation, List<String> tokens, List<String> engines) {

  private static final int KEPT = 8;

  /** Nothing was claimed yet. */
  static final StoredClaim NONE = new StoredClaim(0, List.of(), List.of());

  /** With what is about to be written into the file. */
  StoredClaim with(Claim next) {
    return new StoredClaim(
        next.generation(),
        Claim.last(KEPT, Stream.concat(tokens.stream(), Stream.of(next.token()))),
        next.engines());
  }
}

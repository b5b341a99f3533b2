package io.unicoredask.unicore;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a token says of itself, if it is a JWT. Nobody here checks its signature: the site does.
 *
 * @param end when it expires; null if it does not say
 * @param audience whom it is for; empty if it does not say
 * @param subject whose it is; null if it does not say
 */
record Claims(Instant end, List<String> audience, String subject) {

  /** As UNICORE has it, whose clock may differ from ours. */
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

  private static final Claims NONE = new Claims(null, List.of(), null);

  /** Those of a token; none if it is no JWT. */
  static Claims of(String token) {
    try {
      JWTClaimsSet claims = JWTParser.parse(token).getJWTClaimsSet();
      return claims == null
          ? NONE
          : new Claims(
              claims.getExpirationTime() == null ? null : claims.getExpirationTime().toInstant(),
              claims.getAudience(),
              claims.getSubject());
    } catch (ParseException e) {
      return NONE;
    }
  }

  /**
   * Why a token with these claims is of no use, as the end of a sentence that it begins.
   *
   * @param wanted the audience that it has to be for; null for any
   */
  Optional<String> objection(Instant now, String wanted) {
    if (end != null && now.isAfter(end.plus(CLOCKS_DIFFER))) {
      return Optional.of("has expired at " + end);
    }
    return wanted == null || audience.contains(wanted)
        ? Optional.empty()
        : Optional.of("is for %s, and not for the audience '%s'".formatted(forWhom(), wanted));
  }

  private String forWhom() {
    return audience.isEmpty()
        ? "nobody in particular"
        : PlainText.line(String.join(", ", audience));
  }

  /** Whether UNICORE gave it to somebody whom it does not know. */
  boolean isAnonymous() {
    return subject != null && subject.startsWith("CN=ANONYMOUS,");
  }

  /** What helps to see why it is refused; empty if it says nothing of itself. */
  String words() {
    String words = audience.isEmpty() ? "" : ", for " + forWhom();
    return end == null ? words : words + ", until " + end;
  }
}

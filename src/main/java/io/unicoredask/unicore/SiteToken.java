package io.unicoredask.unicore;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongFunction;

/**
 * A token that the site itself issues. Only for that is it shown the credential; everything else,
 * forwarded connections among it, has the token.
 */
final class SiteToken implements Credential {

  private final Credential shown;
  private final LongFunction<byte[]> issuer;
  private final Duration lifetime;
  private final InstantSource clock;
  private final KeptToken token;

  /**
   * @param shown what the site is shown to get it
   * @param issuer asks the site for one of so many seconds
   */
  SiteToken(Credential shown, LongFunction<byte[]> issuer, Duration lifetime, InstantSource clock) {
    this.shown = shown;
    this.issuer = issuer;
    this.lifetime = lifetime;
    this.clock = clock;
    this.token = new KeptToken("A token that a site has issued", this::issued, clock);
  }

  private KeptToken.Issued issued() {
    Instant asked = clock.instant();
    String issued =
        new String(issuer.apply(lifetime.toSeconds()), StandardCharsets.US_ASCII).strip();
    if (!TokenFile.isToken(issued)) {
      throw new CredentialException(
          "what the site issues is no token; check that its UNICORE/X issues tokens, or do without");
    }
    Claims claims = Claims.of(issued);
    if (claims.isAnonymous()) {
      throw new CredentialException(
          "the site takes us for anonymous. Check %s, and whether the site takes credentials of this kind"
              .formatted(shown.hint()));
    }
    // A site may give less than it is asked for.
    Instant end = claims.end() == null ? asked.plus(lifetime) : claims.end();
    return new KeptToken.Issued(issued, end);
  }

  @Override
  public String authorization() {
    return "Bearer " + token.value();
  }

  @Override
  public Object state() {
    return shown.state();
  }

  @Override
  public String hint() {
    return "the token that the site has issued for " + shown.hint();
  }

  @Override
  public boolean renew() {
    return token.forget();
  }

  @Override
  public String toString() {
    return "SiteToken[for=%s]".formatted(shown);
  }
}

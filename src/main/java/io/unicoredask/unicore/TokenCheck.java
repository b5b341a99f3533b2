package io.unicoredask.unicore;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import java.net.URI;
import java.security.PublicKey;
import java.text.ParseException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/**
 * Tells whether a token (JWT) comes from a site and is for us: signed with the key of the site's
 * certificate, for the name that the site knows us by, and not expired. Safe for use by many
 * threads.
 *
 * <p>Certificate and name are asked for when the first token comes that could be good, and again
 * when one does not fit them: at the most once a minute, whoever sends what.
 */
public final class TokenCheck {

  private static final Duration AT_MOST_EVERY = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int CLOCKS_DIFFER_SECONDS = 30;

  private final UnicoreSite site;
  private final LongSupplier nanoTime;
  private final DefaultJWTClaimsVerifier<SecurityContext> claims =
      new DefaultJWTClaimsVerifier<>(null, Set.of("sub", "exp"));

  private volatile Signer known;
  private CompletableFuture<Signer> asked;
  private long askedAt;

  /**
   * What a good token fits.
   *
   * @param key the site's
   * @param name what the site knows us by; null if it does not say
   * @param us the same, to be compared
   */
  private record Signer(PublicKey key, String name, Object us) {}

  /** Asks the site nothing yet. */
  public TokenCheck(UnicoreSite site) {
    this(site, System::nanoTime);
  }

  TokenCheck(UnicoreSite site, LongSupplier nanoTime) {
    this.site = site;
    this.nanoTime = nanoTime;
    claims.setMaxClockSkew(CLOCKS_DIFFER_SECONDS);
  }

  /**
   * Returns if the token is good. Waits some seconds for the site at the most.
   *
   * @throws RefusedTokenException if it is not
   * @throws UnicoreException if the site could not be asked for its certificate
   */
  public void require(String token) {
    SignedJWT parsed = parsed(token);
    String user = user(parsed);
    Signer signer = known == null ? await(asked(null)) : known;
    if (objection(parsed, user, signer).isPresent()) {
      objection(parsed, user, await(asked(signer)))
          .ifPresent(
              reason -> {
                throw new RefusedTokenException(reason);
              });
    }
  }

  /**
   * An HMAC would be made with a secret of the site's administrators, which is not ours to know.
   */
  private static SignedJWT parsed(String token) {
    try {
      SignedJWT parsed = SignedJWT.parse(token);
      JWSAlgorithm algorithm = parsed.getHeader().getAlgorithm();
      if (JWSAlgorithm.Family.RSA.contains(algorithm)
          || JWSAlgorithm.Family.EC.contains(algorithm)) {
        return parsed;
      }
    } catch (ParseException e) {
      throw new RefusedTokenException("it is no signed token");
    }
    throw new RefusedTokenException(
        "it is not signed with an RSA or EC key, as a site does that has no HMAC secret configured");
  }

  private String user(SignedJWT token) {
    try {
      claims.verify(token.getJWTClaimsSet(), null);
      return token.getJWTClaimsSet().getSubject();
    } catch (ParseException | BadJWTException e) {
      throw new RefusedTokenException(
          "it has expired, or lacks sub or exp; check that this machine's clock is right");
    }
  }

  private static Optional<String> objection(SignedJWT token, String user, Signer signer) {
    if (!isSigned(token, signer.key())) {
      return Optional.of("it is not signed with the key of the site's certificate");
    }
    return name(user).equals(signer.us())
        ? Optional.empty()
        : Optional.of(
            "it is for '%s', and the site knows us as '%s'"
                .formatted(PlainText.line(user), signer.name()));
  }

  private static boolean isSigned(SignedJWT token, PublicKey key) {
    try {
      return token.verify(
          new DefaultJWSVerifierFactory().createJWSVerifier(token.getHeader(), key));
    } catch (JOSEException e) {
      return false;
    }
  }

  /** Blanks between its parts do not matter, their order does. */
  private static Object name(String distinguished) {
    try {
      return new LdapName(distinguished);
    } catch (InvalidNameException e) {
      return distinguished;
    }
  }

  /** What was asked for last; asked for anew if that is this one, or failed, and a minute ago. */
  private synchronized CompletableFuture<Signer> asked(Signer than) {
    Signer now = known;
    boolean mayAsk =
        asked == null
            || asked.isDone() && nanoTime.getAsLong() - askedAt >= AT_MOST_EVERY.toNanos();
    if (mayAsk && now == than) {
      askedAt = nanoTime.getAsLong();
      asked = CompletableFuture.supplyAsync(this::ask, TokenCheck::inBackground);
      return asked;
    }
    // Who only doubts what is known does not wait for those who ask.
    return now == null ? asked : CompletableFuture.completedFuture(now);
  }

  private Signer ask() {
    PublicKey key = site.certificate().getPublicKey();
    String name = site.info().dn();
    known = new Signer(key, name, name == null ? null : name(name));
    return known;
  }

  private static void inBackground(Runnable work) {
    Thread thread = new Thread(work, "unicore-dask-certificate");
    thread.setDaemon(true);
    thread.start();
  }

  private Signer await(CompletableFuture<Signer> signer) {
    try {
      return signer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof UnicoreException refused
          ? refused
          : unknown(String.valueOf(e.getCause().getMessage()), e.getCause());
    } catch (TimeoutException e) {
      throw unknown("no answer yet. Try again later", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unknown("interrupted", e);
    }
  }

  private UnicoreException unknown(String reason, Throwable cause) {
    URI url = site.resolve(URI.create("certificate"));
    return new UnicoreException(site.name(), "GET", url, 0, true, reason, cause);
  }
}

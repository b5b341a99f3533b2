package io.unicoredask.unicore;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;

/**
 * Tokens (JWT) of a short life that are signed with a private key, whose public key the site knows:
 * from the user's {@code ~/.ssh/authorized_keys} there, or as its operators say.
 */
public final class SignedToken implements Credential {

  private static final Duration SHORTEST = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofHours(1);

  private final String user;
  private final PrivateKeyFile key;
  private final Duration lifetime;
  private final String audience;
  private final InstantSource clock;

  /**
   * @param user the user name at the site
   * @param key a file that holds an RSA, EC or Ed25519 key, in PEM or as OpenSSH writes it, and
   *     that others cannot read
   * @param passphrase a file that holds nothing but the key's passphrase; null if it has none
   * @param lifetime how long a token is good for, 10 seconds to an hour
   * @param audience the only site that is to take the tokens, by its distinguished name; null for
   *     any
   * @throws IllegalArgumentException if the lifetime is not allowed
   */
  public SignedToken(String user, Path key, Path passphrase, Duration lifetime, String audience) {
    this(user, key, passphrase, lifetime, audience, InstantSource.system());
  }

  SignedToken(
      String user,
      Path key,
      Path passphrase,
      Duration lifetime,
      String audience,
      InstantSource clock) {
    if (lifetime.compareTo(SHORTEST) < 0 || lifetime.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("lifetime = %s; allowed is 10s to 1h".formatted(lifetime));
    }
    this.user = user;
    this.key = new PrivateKeyFile(key, passphrase);
    this.lifetime = lifetime;
    this.audience = audience;
    this.clock = clock;
  }

  @Override
  public String authorization() {
    SshSigner signer = key.signer();
    Instant now = clock.instant();
    SignedJWT token =
        new SignedJWT(
            new JWSHeader(signer.algorithm()),
            new JWTClaimsSet.Builder()
                .subject(user)
                // Only a server may speak for others.
                .issuer(user)
                .audience(audience)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(lifetime)))
                .build());
    try {
      token.sign(signer);
    } catch (JOSEException | RuntimeException e) {
      throw new CredentialException(
          "nothing can be signed with %s (%s)".formatted(key, e.getClass().getSimpleName()));
    }
    return "Bearer " + token.serialize();
  }

  @Override
  public Object state() {
    return key.signer();
  }

  @Override
  public String hint() {
    return "the user '%s' and %s, whose public key the site has to know, this machine's clock"
        .formatted(user, key);
  }

  /** The user and the file; never the key. */
  @Override
  public String toString() {
    return "SignedToken[user=%s, key=%s]".formatted(user, key);
  }
}

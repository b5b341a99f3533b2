package io.unicoredask.localsite;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Instant;
import java.util.Optional;

/** Tokens that users sign themselves, with a key of their {@code ~/.ssh/authorized_keys}. */
final class KeyTokens {
  private final Users users;
  private final Path homes;
  private final String site;

  /**
   * @param site the site's distinguished name, which a token may be limited to
   */
  KeyTokens(Users users, Path homes, String site) {
    this.users = users;
    this.homes = homes;
    this.site = site;
  }

  /** Whether any user has such keys, so that the site looks at such tokens at all. */
  boolean areKnown() {
    return users.names().stream().map(this::file).anyMatch(Files::exists);
  }

  /** Whose token it is; nothing if it is no good one. */
  Optional<Caller> caller(String token) {
    try {
      SignedJWT signed = SignedJWT.parse(token);
      JWTClaimsSet claims = signed.getJWTClaimsSet();
      String user = claims.getSubject();
      boolean good =
          user != null
              && user.equals(claims.getIssuer())
              && users.knows(user)
              && claims.getExpirationTime() != null
              && claims.getExpirationTime().toInstant().isAfter(Instant.now())
              && (claims.getAudience().isEmpty() || claims.getAudience().contains(site));
      return good && isSigned(signed, user)
          ? Optional.of(new Caller(user, "SSHKEY", true))
          : Optional.empty();
    } catch (ParseException notSigned) {
      return Optional.empty();
    }
  }

  private boolean isSigned(SignedJWT token, String user) {
    try {
      return AuthorizedKeys.in(file(user)).stream().anyMatch(key -> isSigned(token, key));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isSigned(SignedJWT token, PublicKey key) {
    try {
      if (key instanceof RSAPublicKey rsa) {
        return token.verify(new RSASSAVerifier(rsa));
      }
      if (key instanceof ECPublicKey ec) {
        return token.verify(new ECDSAVerifier(ec));
      }
      return token.getHeader().getAlgorithm().getName().equals("EdDSA")
          && isSigned25519(token, key);
    } catch (JOSEException | GeneralSecurityException otherKind) {
      return false;
    }
  }

  private static boolean isSigned25519(SignedJWT token, PublicKey key)
      throws GeneralSecurityException {
    Base64URL signature = token.getSignature();
    Signature verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(key);
    verifier.update(token.getSigningInput());
    return verifier.verify(signature.decode());
  }

  private Path file(String user) {
    return homes.resolve(user).resolve(".ssh/authorized_keys");
  }
}

package io.unicoredask.localsite;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;

/** JSON web tokens that the site signs with its certificate's key, and accepts itself. */
final class Tokens {
  private final Certificates certificates;
  private final String issuer;

  Tokens(Certificates certificates, String issuer) {
    this.certificates = certificates;
    this.issuer = issuer;
  }

  String issue(Caller caller, long lifetimeSeconds, boolean renewable, boolean limited) {
    Instant now = Instant.now();
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .issuer(issuer)
            .subject(caller.dn())
            .claim("etd", "true")
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plusSeconds(lifetimeSeconds)));
    if (renewable) {
      claims.claim("renewable", "true");
    }
    if (limited) {
      claims.audience(issuer);
    }
    if (!caller.isAnonymous()) {
      claims.claim("uid", caller.user());
    }
    return signed(claims.build());
  }

  private String signed(JWTClaimsSet claims) {
    try {
      SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.ES256), claims);
      token.sign(new ECDSASigner((ECPrivateKey) certificates.key()));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException("Local site: could not sign a token", e);
    }
  }

  /**
   * Whose token it is; nothing if it is none of those that a server signs for a user.
   *
   * @throws HttpProblem 403 if it is one, and has expired, is limited to another site, or is signed
   *     by another
   */
  Optional<Caller> caller(String token) {
    try {
      SignedJWT signed = SignedJWT.parse(token);
      JWTClaimsSet claims = signed.getJWTClaimsSet();
      return Boolean.parseBoolean(String.valueOf(claims.getClaim("etd")))
          ? Optional.of(caller(signed, claims))
          : Optional.empty();
    } catch (ParseException notSigned) {
      return Optional.empty();
    }
  }

  private Caller caller(SignedJWT signed, JWTClaimsSet claims) throws ParseException {
    if (!isOurs(signed)
        || claims.getExpirationTime() == null
        || !claims.getExpirationTime().toInstant().isAfter(Instant.now())
        || !claims.getAudience().isEmpty() && !claims.getAudience().contains(issuer)) {
      throw new HttpProblem(Answer.empty(403).outsideSession());
    }
    String user = claims.getStringClaim("uid");
    return user == null
        ? Caller.ANONYMOUS
        : new Caller(user, "ETD", claims.getClaim("renewable") != null);
  }

  private boolean isOurs(SignedJWT signed) {
    try {
      return signed.verify(
          new ECDSAVerifier((ECPublicKey) certificates.certificate().getPublicKey()));
    } catch (JOSEException anotherKind) {
      return false;
    }
  }
}

package io.unicoredask.unicore;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A key with a certificate, made for one test run, and what a server signs with it. */
final class SigningKey {

  private final KeyPair keys;
  private final JWSAlgorithm algorithm;

  private SigningKey(String kind, int size, JWSAlgorithm algorithm) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
      generator.initialize(size);
      this.keys = generator.generateKeyPair();
      this.algorithm = algorithm;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  static SigningKey rsa(JWSAlgorithm algorithm) {
    return new SigningKey("RSA", 2048, algorithm);
  }

  static SigningKey ec(int size, JWSAlgorithm algorithm) {
    return new SigningKey("EC", size, algorithm);
  }

  PublicKey publicKey() {
    return keys.getPublic();
  }

  /** The certificate, as a site sends it. */
  String pem() {
    try {
      X500Name self = new X500Name("CN=UNICOREX,O=UNICORE,C=EU");
      Instant now = Instant.now();
      String signature = keys.getPrivate().getAlgorithm().equals("RSA") ? "RSA" : "ECDSA";
      StringWriter text = new StringWriter();
      try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
        pem.writeObject(
            new JcaX509v3CertificateBuilder(
                    self,
                    BigInteger.ONE,
                    Date.from(now.minus(Duration.ofHours(1))),
                    Date.from(now.plus(Duration.ofDays(1))),
                    self,
                    keys.getPublic())
                .build(
                    new JcaContentSignerBuilder("SHA256with" + signature)
                        .build(keys.getPrivate())));
      }
      return text.toString();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** A token as UNICORE makes it. */
  String token(String user) {
    return token(claims(user, Duration.ofMinutes(5)));
  }

  String token(JWTClaimsSet claims) {
    try {
      SignedJWT token = new SignedJWT(new JWSHeader(algorithm), claims);
      JWSSigner signer =
          keys.getPrivate() instanceof ECPrivateKey key
              ? new ECDSASigner(key)
              : new RSASSASigner(keys.getPrivate());
      token.sign(signer);
      return token.serialize();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  static JWTClaimsSet claims(String user, Duration lifetime) {
    Instant now = Instant.now();
    return new JWTClaimsSet.Builder()
        .subject(user)
        .issuer("CN=UNICOREX,O=UNICORE,C=EU")
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plus(lifetime)))
        .claim("etd", "true")
        .build();
  }
}

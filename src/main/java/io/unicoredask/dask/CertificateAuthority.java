package io.unicoredask.dask;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Signs the certificates of one cluster, and is forgotten. */
final class CertificateAuthority {

  /** The longest name that a certificate takes. */
  private static final int LONGEST = 64;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final String cluster;
  private final Instant from;
  private final Instant until;
  private final X500Name name;
  private final KeyPair keys;

  CertificateAuthority(String cluster, Instant from, Instant until) {
    this.cluster = cluster.substring(0, Math.min(LONGEST, cluster.length()));
    this.from = from;
    this.until = until;
    this.name = name("Dask cluster");
    this.keys = newKeys();
  }

  /** Its own certificate. */
  String certificate() {
    return pem(
        sign(
            name,
            keys.getPublic(),
            new BasicConstraints(0),
            new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign),
            null));
  }

  /**
   * A certificate and its key.
   *
   * @param serves whether others may connect to who has it; all may connect to others
   */
  String issue(String whose, boolean serves) {
    KeyPair pair = newKeys();
    KeyPurposeId[] purposes =
        serves
            ? new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}
            : new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth};
    X509CertificateHolder certificate =
        sign(
            name(whose),
            pair.getPublic(),
            new BasicConstraints(false),
            new KeyUsage(KeyUsage.digitalSignature),
            new ExtendedKeyUsage(purposes));
    try {
      return pem(certificate, new JcaPKCS8Generator(pair.getPrivate(), null));
    } catch (IOException e) {
      throw new IllegalStateException("a key cannot be written", e);
    }
  }

  private X500Name name(String whose) {
    return new X500NameBuilder(BCStyle.INSTANCE)
        .addRDN(BCStyle.O, cluster)
        .addRDN(BCStyle.CN, whose)
        .build();
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has keys of P-256", e);
    }
  }

  private X509CertificateHolder sign(
      X500Name subject,
      PublicKey key,
      BasicConstraints constraints,
      KeyUsage usage,
      ExtendedKeyUsage purposes) {
    try {
      JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              name,
              new BigInteger(127, RANDOM).setBit(126),
              Date.from(from),
              Date.from(until),
              subject,
              key);
      builder
          .addExtension(Extension.basicConstraints, true, constraints)
          .addExtension(Extension.keyUsage, true, usage)
          .addExtension(
              Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(key))
          .addExtension(
              Extension.authorityKeyIdentifier,
              false,
              identifiers.createAuthorityKeyIdentifier(keys.getPublic()));
      if (purposes != null) {
        builder.addExtension(Extension.extendedKeyUsage, false, purposes);
      }
      return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException("a certificate cannot be signed", e);
    }
  }

  private static String pem(Object... parts) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
      for (Object part : parts) {
        pem.writeObject(part);
      }
    } catch (IOException e) {
      throw new IllegalStateException("a certificate cannot be written", e);
    }
    return text.toString();
  }
}

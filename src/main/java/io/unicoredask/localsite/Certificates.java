package io.unicoredask.localsite;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Writer;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The site's self-signed certificate, which its clients are told to trust. It stays the same when a
 * site is started again in its directory.
 */
record Certificates(PrivateKey key, X509Certificate certificate, Path file) {
  private static final Duration LIFETIME = Duration.ofDays(365);

  /** Less would be over while the site runs. */
  private static final Duration LEAST = Duration.ofDays(30);

  private static final String ALIAS = "site";

  /** The file that it is in is nobody else's to read. */
  private static final char[] NO_PASSWORD = {};

  static Certificates of(String siteName, Path directory) throws IOException {
    Path file = directory.resolve("certificate.pem");
    Path store = directory.resolve("certificate.p12");
    try {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      if (Files.exists(store) && Files.exists(file)) {
        try (InputStream in = Files.newInputStream(store)) {
          keys.load(in, NO_PASSWORD);
        }
        X509Certificate known = (X509Certificate) keys.getCertificate(ALIAS);
        if (known.getNotAfter().toInstant().isAfter(Instant.now().plus(LEAST))) {
          return new Certificates((PrivateKey) keys.getKey(ALIAS, NO_PASSWORD), known, file);
        }
      }
      Certificates made = create(siteName, file);
      keys.load(null, NO_PASSWORD);
      keys.setKeyEntry(ALIAS, made.key(), NO_PASSWORD, new Certificate[] {made.certificate()});
      Files.deleteIfExists(store);
      Files.createFile(
          store,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try (OutputStream out = Files.newOutputStream(store)) {
        keys.store(out, NO_PASSWORD);
      }
      return made;
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "Local site %s: could not keep its key in %s: %s; delete that file"
              .formatted(siteName, store, e),
          e);
    }
  }

  private static Certificates create(String siteName, Path file) throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      X509Certificate certificate = certificate(siteName, pair);
      try (Writer out = Files.newBufferedWriter(file);
          JcaPEMWriter pem = new JcaPEMWriter(out)) {
        pem.writeObject(certificate);
      }
      return new Certificates(pair.getPrivate(), certificate, file);
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IOException(
          "Local site %s: could not make its certificate: %s".formatted(siteName, e), e);
    }
  }

  private static X509Certificate certificate(String siteName, KeyPair pair)
      throws GeneralSecurityException, OperatorCreationException, IOException {
    X500Name name = new X500Name("C=EU,O=UNICORE,OU=" + siteName + ",CN=localhost");
    Instant now = Instant.now();
    GeneralNames names =
        new GeneralNames(
            new GeneralName[] {
              new GeneralName(GeneralName.dNSName, "localhost"),
              new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
              new GeneralName(GeneralName.iPAddress, "::1")
            });
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            new BigInteger(127, new SecureRandom()),
            Date.from(now.minus(Duration.ofHours(1))),
            Date.from(now.plus(LIFETIME)),
            name,
            pair.getPublic());
    builder
        .addExtension(Extension.subjectAlternativeName, false, names)
        .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
        .addExtension(
            Extension.keyUsage,
            true,
            new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyCertSign))
        .addExtension(
            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
        .addExtension(
            Extension.subjectKeyIdentifier,
            false,
            new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
  }
}

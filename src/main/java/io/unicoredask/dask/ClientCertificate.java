package io.unicoredask.dask;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * What a client of a cluster has that speaks TLS, in PEM: whom it trusts, and what it shows.
 *
 * @param ca the certificate of the cluster's authority
 * @param certificate the client's certificate
 * @param key the certificate's key, a secret
 */
public record ClientCertificate(String ca, String certificate, String key) {

  private static final Pattern PART =
      Pattern.compile("-----BEGIN ([A-Z ]+)-----[^-]+-----END \\1-----\\R?");
  private static final char[] NO_PASSWORD = {};

  /**
   * Reads the contents of {@link TlsFile#CA} and {@link TlsFile#CLIENT}.
   *
   * @throws IllegalArgumentException if they are something else; the text does not quote them
   */
  public static ClientCertificate of(byte[] ca, byte[] client) {
    return new ClientCertificate(
        part(ca, "CERTIFICATE", TlsFile.CA),
        part(client, "CERTIFICATE", TlsFile.CLIENT),
        part(client, "PRIVATE KEY", TlsFile.CLIENT));
  }

  private static String part(byte[] file, String kind, TlsFile whose) {
    Matcher parts = PART.matcher(new String(file, StandardCharsets.US_ASCII));
    while (parts.find()) {
      if (parts.group(1).equals(kind)) {
        return parts.group();
      }
    }
    throw new IllegalArgumentException(
        "there is no %s in %s".formatted(kind.toLowerCase(Locale.ROOT), whose.fileName()));
  }

  /**
   * Trusts this cluster and nobody else, whatever name its scheduler is reached by, and shows it
   * the certificate.
   *
   * @throws IllegalArgumentException if the certificates or the key cannot be used
   */
  SSLContext context() {
    try {
      KeyStore trusted = empty();
      trusted.setCertificateEntry("ca", certificate(ca));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      KeyStore own = empty();
      own.setKeyEntry(
          "client", privateKey(), NO_PASSWORD, new Certificate[] {certificate(certificate)});
      KeyManagerFactory shown =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      shown.init(own, NO_PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(shown.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      // The cause might quote the key.
      throw new IllegalArgumentException(
          "the files %s and %s cannot be used"
              .formatted(TlsFile.CA.fileName(), TlsFile.CLIENT.fileName()));
    }
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static Certificate certificate(String pem) throws GeneralSecurityException {
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
  }

  private PrivateKey privateKey() throws GeneralSecurityException {
    String base64 = key.replaceAll("-----[A-Z ]+-----", "");
    return KeyFactory.getInstance("EC")
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
  }

  /** Says nothing of the key. */
  @Override
  public String toString() {
    return "ClientCertificate[hidden]";
  }
}

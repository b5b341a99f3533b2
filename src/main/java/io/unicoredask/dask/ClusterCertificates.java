package io.unicoredask.dask;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The certificates and keys of one cluster, in the words of its {@link TlsFile}s. The authority
 * that signs them exists only while they are made: its key is written nowhere, so that nobody signs
 * another.
 */
public final class ClusterCertificates {

  /** The library that certificates are made with, which an application need not have. */
  public static final String BOUNCY_CASTLE = "org.bouncycastle:bcpkix-jdk18on";

  private static final String ONE_OF_ITS_CLASSES =
      "org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder";

  private final Map<TlsFile, String> contents;

  private ClusterCertificates(Map<TlsFile, String> contents) {
    this.contents = Collections.unmodifiableMap(contents);
  }

  /** Whether {@link #BOUNCY_CASTLE} is there. */
  public static boolean canBeMade() {
    return canBeMade(ClusterCertificates.class.getClassLoader());
  }

  static boolean canBeMade(ClassLoader loader) {
    try {
      Class.forName(ONE_OF_ITS_CLASSES, false, loader);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /**
   * Makes those of a new cluster, and an authority for them alone.
   *
   * @param cluster the cluster's id, which they name
   * @param now from when on they are good; an hour earlier, in fact, for clocks that are slow
   * @param lasting for how long
   */
  public static ClusterCertificates of(String cluster, Instant now, Duration lasting) {
    CertificateAuthority authority =
        new CertificateAuthority(cluster, now.minus(Duration.ofHours(1)), now.plus(lasting));
    Map<TlsFile, String> contents = new EnumMap<>(TlsFile.class);
    contents.put(TlsFile.CA, authority.certificate());
    contents.put(TlsFile.SCHEDULER, authority.issue("Dask scheduler", true));
    contents.put(TlsFile.WORKER, authority.issue("Dask worker", true));
    contents.put(TlsFile.CLIENT, authority.issue("Dask client", false));
    return new ClusterCertificates(contents);
  }

  /** The content of a file. */
  public String content(TlsFile file) {
    return contents.get(file);
  }

  /** Says nothing of them. */
  @Override
  public String toString() {
    return "ClusterCertificates[hidden]";
  }
}

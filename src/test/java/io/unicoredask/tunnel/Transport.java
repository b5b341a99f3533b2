package io.unicoredask.tunnel;

import javax.net.ssl.SSLContext;

/** What lies between a tunnel and the site. */
public enum Transport {
  PLAIN,
  TLS_1_3,
  TLS_1_2;

  public SSLContext server() {
    return this == PLAIN ? null : TestCertificate.LOOPBACK.server("TLS");
  }

  /** A client context decides the version, since the server speaks both. */
  public SSLContext client() {
    return switch (this) {
      case PLAIN -> null;
      case TLS_1_3 -> TestCertificate.LOOPBACK.trusting("TLSv1.3");
      case TLS_1_2 -> TestCertificate.LOOPBACK.trusting("TLSv1.2");
    };
  }
}

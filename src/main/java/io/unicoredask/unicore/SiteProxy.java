package io.unicoredask.unicore;

/**
 * An HTTP proxy that leads to a site.
 *
 * @param host its name, or its IPv4 or IPv6 address without brackets
 * @param port its port
 * @param credential what it is shown, as its {@code Proxy-Authorization}; null for nothing
 */
public record SiteProxy(String host, int port, Credential credential) {

  /** Its host and port, without the credential. */
  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}

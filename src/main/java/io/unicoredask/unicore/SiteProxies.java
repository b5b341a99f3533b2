package io.unicoredask.unicore;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.Optional;

/**
 * Which HTTP proxy leads where, as Java's own settings say: {@code https.proxyHost} and {@code
 * http.proxyHost}, each with its {@code …Port}, and {@code http.nonProxyHosts}; or the {@link
 * ProxySelector} that the application has set in their place.
 */
public final class SiteProxies {

  /** Java sends proxies of https sites no password unless this is set before its first request. */
  private static final String NOT_TO_PROXIES = "jdk.http.auth.tunneling.disabledSchemes";

  private final ProxySelector selector;
  private final Credential credential;

  private SiteProxies(ProxySelector selector, Credential credential) {
    this.selector = selector;
    this.credential = credential;
  }

  /**
   * Those of Java's settings.
   *
   * @param credential what each of them is shown; null for nothing. With one, Java is told that it
   *     may show a password to a proxy, unless its property {@code
   *     jdk.http.auth.tunneling.disabledSchemes} is set already.
   */
  public static SiteProxies ofJava(Credential credential) {
    if (credential != null && System.getProperty(NOT_TO_PROXIES) == null) {
      System.setProperty(NOT_TO_PROXIES, "");
    }
    return new SiteProxies(ProxySelector.getDefault(), credential);
  }

  /**
   * The proxy that leads to a URL; nothing if none is to be used. Of several the first is taken,
   * and none that is not an HTTP proxy, as Java's HTTP client does.
   */
  public Optional<SiteProxy> to(URI url) {
    return selector == null
        ? Optional.empty()
        : selector.select(url).stream()
            .findFirst()
            .filter(proxy -> proxy.type() == Proxy.Type.HTTP)
            .map(proxy -> (InetSocketAddress) proxy.address())
            .map(place -> new SiteProxy(place.getHostString(), place.getPort(), credential));
  }

  /** What Java's HTTP client has to use for the same; null for none. */
  ProxySelector selector() {
    return selector;
  }
}

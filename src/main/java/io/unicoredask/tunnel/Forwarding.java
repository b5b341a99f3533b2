package io.unicoredask.tunnel;

import java.net.URI;
import java.util.Map;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * The far end of a tunnel: a service that is reachable from a job.
 *
 * @param site the site's name, for messages
 * @param endpoint the job's {@code forward-port} URL, {@code http} or {@code https}, without a
 *     query and without user information
 * @param host the host the service listens on, as seen from the site: a name, an IPv4 or an IPv6
 *     address (without brackets)
 * @param port the service's port, 1 to 65535
 * @param authentication supplies the headers that authenticate the upgrade; asked for every
 *     connection, on a thread that may block, and interrupted when the client is gone
 * @param ssl whom to trust, and which certificate to show, if the endpoint is {@code https}; null
 *     for the JDK's default. The site's certificate and its host name are always checked.
 * @param proxy supplies the proxy that leads to the endpoint, null if none does; asked for every
 *     connection, on a thread that may block
 */
public record Forwarding(
    String site,
    URI endpoint,
    String host,
    int port,
    Supplier<Map<String, String>> authentication,
    SSLContext ssl,
    Supplier<HttpProxy> proxy) {

  /** One whose endpoint is reached without a proxy. */
  public Forwarding(
      String site,
      URI endpoint,
      String host,
      int port,
      Supplier<Map<String, String>> authentication,
      SSLContext ssl) {
    this(site, endpoint, host, port, authentication, ssl, () -> null);
  }

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if a part is missing or not as described above
   */
  public Forwarding {
    require(site != null && !site.isBlank(), "the site's name is missing");
    require(
        endpoint != null
            && endpoint.getHost() != null
            && ("http".equalsIgnoreCase(endpoint.getScheme())
                || "https".equalsIgnoreCase(endpoint.getScheme())),
        "%s: the forward-port URL must be an absolute http or https URL".formatted(site));
    require(
        endpoint.getRawUserInfo() == null
            && endpoint.getRawQuery() == null
            && endpoint.getRawFragment() == null,
        "%s: the forward-port URL must have no user information, query or fragment"
            .formatted(site));
    require(host != null && !host.isBlank(), "%s: the service's host is missing".formatted(site));
    require(port > 0 && port <= 65535, "%s: %d is not a port (1 to 65535)".formatted(site, port));
    require(authentication != null, "%s: the authentication is missing".formatted(site));
    require(proxy != null, "%s: what supplies the proxy is missing".formatted(site));
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  boolean secure() {
    return "https".equalsIgnoreCase(endpoint.getScheme());
  }

  /** The endpoint's host, an IPv6 address without its brackets. */
  String endpointHost() {
    return endpoint.getHost().replaceAll("[\\[\\]]", "");
  }

  int endpointPort() {
    if (endpoint.getPort() > 0) {
      return endpoint.getPort();
    }
    return secure() ? 443 : 80;
  }

  /** The service as {@code host:port}, an IPv6 address in brackets. */
  public String service() {
    return hostAndPort(host, port);
  }

  static String hostAndPort(String host, int port) {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }

  @Override
  public String toString() {
    return site + ", " + endpoint + " => " + service();
  }
}

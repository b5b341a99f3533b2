package io.unicoredask.tunnel;

import java.net.URI;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The far end of a tunnel: a service that is reachable from a job.
 *
 * @param site the site's name, for messages
 * @param endpoint the job's {@code forward-port} URL, {@code http} or {@code https}, without a
 *     query
 * @param host the host the service listens on, as seen from the site: a name, an IPv4 or an IPv6
 *     address (without brackets)
 * @param port the service's port
 * @param authentication supplies the headers that authenticate the upgrade; asked for every
 *     connection, on a thread that may block
 */
public record Forwarding(
    String site,
    URI endpoint,
    String host,
    int port,
    Supplier<Map<String, String>> authentication) {

  @Override
  public String toString() {
    return site + ", " + endpoint + " => " + host + ":" + port;
  }
}

package io.unicoredask.tunnel;

import java.util.function.Supplier;

/**
 * A proxy that connections to a site go through: it is asked to {@code CONNECT}.
 *
 * @param host its name, or its IPv4 or IPv6 address (without brackets)
 * @param port its port, 1 to 65535
 * @param authorization supplies the value of the header {@code Proxy-Authorization}, as {@link
 *     Forwarding#authentication()} does for the site; null if the proxy asks for none
 */
public record HttpProxy(String host, int port, Supplier<String> authorization) {

  /** Its host and port, without what authorizes. */
  @Override
  public String toString() {
    return Forwarding.hostAndPort(host, port);
  }
}

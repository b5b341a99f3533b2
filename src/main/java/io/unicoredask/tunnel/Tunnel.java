package io.unicoredask.tunnel;

import java.net.InetSocketAddress;
import java.util.Optional;

/** A local port that leads to a service at a site, open until closed. */
public interface Tunnel extends AutoCloseable {

  /** Where clients connect to; a loopback address unless configured otherwise. */
  InetSocketAddress localAddress();

  /** Whether the listener is open. */
  boolean isOpen();

  /** How many clients are connected now. */
  int connections();

  /**
   * Why the newest client that could not be served was turned away, as {@code site, local =>
   * host:port: reason}; nothing once a later client was served.
   */
  Optional<String> lastFailure();

  /** Closes the listener and every connection through it. Closing twice does nothing. */
  @Override
  void close();
}

package io.unicoredask.relay;

import io.unicoredask.tunnel.Forwarding;
import io.unicoredask.tunnel.Tunnel;
import io.unicoredask.tunnel.TunnelFactory;
import java.util.Optional;

/**
 * The connection to one cluster's relay, shared by all tunnels opened through it. It is made as
 * soon as this exists, and made again whenever it is lost, until this is closed.
 *
 * <p>What was under way when it is lost is reset: the local clients see their connections closed.
 * Clients that come meanwhile wait for the next connection as long as the settings allow for the
 * hand-shake.
 */
public interface RelayConnection extends AutoCloseable {

  /**
   * Connects to a relay, for all tunnels opened through it: over one forwarded connection for each
   * direction, or over one for both where the relay or the site has no more.
   *
   * @param tunnels whose settings and threads it uses, and with which it is closed at the latest
   * @param relay where the relay listens
   * @param secret what both ends have to prove
   * @param file what the relay says of itself
   * @param changed told whenever the agent has said something, or the relay is connected or not any
   *     more; must be quick
   * @return the connection, which is being made and kept until closed
   * @throws IllegalStateException if the factory is closed
   */
  static RelayConnection open(
      TunnelFactory tunnels,
      Forwarding relay,
      RelaySecret secret,
      RelayFile file,
      Runnable changed) {
    KeptConnection connection = new KeptConnection(tunnels, relay, secret, file, changed);
    connection.start();
    return connection;
  }

  /**
   * Opens a tunnel. Its clients are streams of this connection, and cost the site nothing.
   *
   * @param localPort the port of this machine to listen on; 0 for any free one, or {@link
   *     TunnelFactory#PRIVATE}
   * @param service what it leads to
   * @return the tunnel, accepting clients; its last failure is this connection's where none of its
   *     own is known
   * @throws io.unicoredask.tunnel.PortInUseException if the port is taken
   * @throws java.io.UncheckedIOException if it cannot be listened on for another reason
   * @throws IllegalStateException if this connection or its factory is closed
   */
  Tunnel open(int localPort, RelayService service);

  /** The agent that speaks through it; nothing if none does. */
  Optional<SchedulerAgent> agent();

  /** Whether the relay has been reached and both ends have proved the secret. */
  boolean isConnected();

  /**
   * Whether the site forwards to where the relay was, and no relay answered there when that was
   * tried last. While the site does not forward nothing is known of the relay.
   */
  boolean isGone();

  /** Whether the relay has said last that it ends, as it does when its scheduler is gone. */
  boolean hasSaidGoodbye();

  /** How often the relay has been reached so far; more than once if the connection was lost. */
  int connects();

  /**
   * Why there is no connection, as {@code site, relay at host:port: reason}; nothing while there is
   * one, or before the first attempt has failed.
   */
  Optional<String> lastFailure();

  /** Closes the connection and the tunnels opened through it. Closing twice does nothing. */
  @Override
  void close();
}

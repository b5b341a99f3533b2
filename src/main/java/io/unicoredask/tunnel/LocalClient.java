package io.unicoredask.tunnel;

import io.netty.channel.Channel;
import io.netty.channel.socket.SocketChannel;

/**
 * A client that has connected to a tunnel's local port and is to be served. What it says is held
 * until {@link #letSpeak}. All methods are for the event loop of its connection.
 */
public final class LocalClient {

  private final NettyTunnel tunnel;
  private final long number;
  private final SocketChannel channel;
  private final ClientHold hold;

  /**
   * @param number counts the clients of its tunnel
   * @param hold is in the channel's pipeline
   */
  LocalClient(NettyTunnel tunnel, long number, SocketChannel channel, ClientHold hold) {
    this.tunnel = tunnel;
    this.number = number;
    this.channel = channel;
    this.hold = hold;
  }

  /** Its connection, which is read only when asked to ({@code AUTO_READ} is off). */
  public SocketChannel channel() {
    return channel;
  }

  /** Hands what it has said so far to the handlers that were added to its connection. */
  public void letSpeak() {
    channel.pipeline().remove(hold);
  }

  /** Notes that bytes of the service came for it: failures of earlier clients are over. */
  public void served() {
    tunnel.served(number);
  }

  /**
   * Ends it, since it cannot be served, with a reset.
   *
   * @param reason why, and what to do about it; goes to the log and {@link Tunnel#lastFailure}
   */
  public void turnAway(String reason) {
    failed(reason);
    abort();
  }

  /** Ends its connection such that it sees a reset, not an end. */
  public void abort() {
    Splice.abort(channel);
  }

  /** Says why it is not served. */
  void failed(String reason) {
    tunnel.failed(number, channel, reason);
  }

  /** A connection made for it, which is closed when the tunnel is. */
  void closeWithTunnel(Channel upstream) {
    tunnel.add(upstream);
  }

  /** What its tunnel leads to, for messages. */
  String service() {
    return tunnel.service();
  }
}

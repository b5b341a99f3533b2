package io.unicoredask.tunnel;

import io.netty.channel.Channel;
import io.netty.channel.socket.SocketChannel;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;

/**
 * Gives one client a connection to the site of its own, and hands both over to a pair of {@link
 * Relay}s.
 *
 * <p>Both connections live on the client's event loop, so that they need no locks.
 */
final class Connector implements SiteConnector.Outcome {

  private final NettyTunnel tunnel;
  private final long number;
  private final SocketChannel client;
  private final ClientHold hold;
  private final SiteConnector site;

  private Connector(
      NettyTunnel tunnel,
      long number,
      SocketChannel client,
      ClientHold hold,
      Forwarding target,
      TunnelSettings settings,
      ExecutorService blocking) {
    this.tunnel = tunnel;
    this.number = number;
    this.client = client;
    this.hold = hold;
    this.site =
        new SiteConnector(client.eventLoop(), target, settings, blocking, tunnel::add, this);
  }

  /** Serves each client with a connection of its own. */
  static NettyTunnel.Way to(Forwarding target, TunnelSettings settings, ExecutorService blocking) {
    return (tunnel, number, client, hold) ->
        new Connector(tunnel, number, client, hold, target, settings, blocking).start();
  }

  private void start() {
    try {
      site.start();
      client.closeFuture().addListener(closed -> site.abandon());
    } catch (RejectedExecutionException e) {
      client.close(); // the factory is closing
    }
  }

  @Override
  public void upgraded(Channel upstream, Runnable switchOver) {
    upstream.pipeline().addLast(new FirstBytes(tunnel, number, client));
    Relay.join(client, upstream);
    switchOver.run();
    client.pipeline().remove(hold);
    upstream.read();
  }

  @Override
  public void failed(String reason) {
    tunnel.turnAway(number, client, reason);
  }
}

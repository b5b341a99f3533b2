package io.unicoredask.tunnel;

import io.netty.channel.Channel;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Gives one client a connection to the site of its own, and splices both.
 *
 * <p>Both connections live on the client's event loop, so that they need no locks.
 */
final class Connector implements SiteLink.Outcome {

  private final LocalClient client;
  private final SiteConnector site;

  private Connector(
      LocalClient client, Forwarding target, TunnelSettings settings, ExecutorService blocking) {
    this.client = client;
    this.site =
        new SiteConnector(
            client.channel().eventLoop(),
            target,
            settings,
            blocking,
            client::closeWithTunnel,
            this);
  }

  /** Serves each client with a connection of its own. */
  static Consumer<LocalClient> to(
      Forwarding target, TunnelSettings settings, ExecutorService blocking) {
    return client -> new Connector(client, target, settings, blocking).start();
  }

  private void start() {
    try {
      site.start();
      client.channel().closeFuture().addListener(closed -> site.abandon());
    } catch (RejectedExecutionException e) {
      client.channel().close(); // the factory is closing
    }
  }

  @Override
  public void upgraded(Channel upstream, Runnable switchOver) {
    upstream.pipeline().addLast(new FirstBytes(client));
    Splice.join(client.channel(), upstream);
    switchOver.run();
    client.letSpeak();
    upstream.read();
  }

  @Override
  public void failed(String reason) {
    client.turnAway(reason);
  }
}

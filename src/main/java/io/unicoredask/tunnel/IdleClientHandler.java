package io.unicoredask.tunnel;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes a client that is there for nothing. Dask's clients send a heartbeat every five seconds,
 * and its pages a ping every half a minute. The other connections of a client's pool may be silent;
 * it opens them anew when it needs them.
 */
final class IdleClientHandler extends IdleStateHandler {

  IdleClientHandler(Duration timeout) {
    super(0, 0, timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) {
    context.close();
  }
}

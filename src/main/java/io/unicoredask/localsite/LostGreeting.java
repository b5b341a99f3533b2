package io.unicoredask.localsite;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Loses what a service says at once, before its client has said anything, as the Gateway can with
 * what comes together with UNICORE/X's 101.
 */
final class LostGreeting extends ChannelDuplexHandler {
  private static final long AT_ONCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final long begin = System.nanoTime();

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    context.pipeline().remove(this);
    context.write(message, promise);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (System.nanoTime() - begin < AT_ONCE_NANOS) {
      ReferenceCountUtil.release(message);
    } else {
      context.fireChannelRead(message);
    }
  }
}

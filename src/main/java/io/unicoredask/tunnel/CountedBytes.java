package io.unicoredask.tunnel;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/** Counts what a client sends and is sent. */
final class CountedBytes extends ChannelDuplexHandler {

  private final ByteCounts counts;

  CountedBytes(ByteCounts counts) {
    this.counts = counts;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    counts.up().add(((ByteBuf) message).readableBytes());
    ctx.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    counts.down().add(((ByteBuf) message).readableBytes());
    ctx.write(message, promise);
  }
}

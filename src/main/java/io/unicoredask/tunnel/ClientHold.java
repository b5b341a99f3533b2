package io.unicoredask.tunnel;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Holds what a client says before the site has answered; whoever removes it has it passed on.
 *
 * <p>A client that goes away can only be noticed by reading from it, so it is read until it has
 * said more than a little. One that ends without having said anything is gone; one that spoke
 * before may be waiting for an answer.
 */
final class ClientHold extends ChannelInboundHandlerAdapter {

  static final int ENOUGH = 64 * 1024;

  private final Queue<ByteBuf> held = new ArrayDeque<>();
  private int bytes;
  private boolean ended;

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ctx.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf buffer = (ByteBuf) message;
    bytes += buffer.readableBytes();
    held.add(buffer);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (bytes < ENOUGH) {
      ctx.read();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      ended = true;
      if (held.isEmpty()) {
        ctx.close();
      }
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (!ctx.channel().isActive()) {
      held.forEach(ReferenceCountUtil::release);
      return;
    }
    held.forEach(ctx::fireChannelRead);
    ctx.fireChannelReadComplete();
    if (ended) {
      ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    }
  }
}

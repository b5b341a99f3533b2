package io.unicoredask.tunnel;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;

/**
 * Waits for the service's first bytes. The 101 alone means nothing: a site answers it also if
 * nobody listens at the far end, and then ends the stream.
 */
final class FirstBytes extends ChannelInboundHandlerAdapter {

  private final LocalClient client;

  FirstBytes(LocalClient client) {
    this.client = client;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    client.served();
    ctx.pipeline().remove(this);
    ctx.fireChannelRead(message);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
      nothingCame(ctx);
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    nothingCame(ctx);
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    nothingCame(ctx);
    ctx.fireExceptionCaught(cause);
  }

  private void nothingCame(ChannelHandlerContext ctx) {
    ctx.pipeline().remove(this);
    // A client that ends first, to see whether the port is open for instance, is no failure.
    SocketChannel channel = client.channel();
    if (channel.isActive() && !channel.isInputShutdown()) {
      client.failed(
          ("nothing came after the 101; nobody listens at %s, or the job is over: look at the"
                  + " job's status and log")
              .formatted(client.service()));
    }
  }
}

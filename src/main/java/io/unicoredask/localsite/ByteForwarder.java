package io.unicoredask.localsite;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;

/**
 * One direction of a forwarded connection: what this channel receives goes to the other one, and no
 * faster than that one takes it. Both channels live on one event loop.
 */
final class ByteForwarder extends ChannelInboundHandlerAdapter {
  private final Channel other;
  private final boolean closesBothWays;
  private boolean ended;

  /**
   * @param closesBothWays whether the end of this direction is the end of the other too
   */
  ByteForwarder(Channel other, boolean closesBothWays) {
    this.other = other;
    this.closesBothWays = closesBothWays;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    other.write(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    other.flush();
    if (other.isWritable() && !ended) {
      context.read();
    }
  }

  /** This channel takes bytes again, so the other may be read. */
  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (context.channel().isWritable()) {
      other.read();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
      endOfStream(context);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }

  /** Passes the end of one direction on; when both have ended, closes both channels. */
  private void endOfStream(ChannelHandlerContext context) {
    if (ended) {
      return;
    }
    ended = true;
    if (closesBothWays || ((DuplexChannel) context.channel()).isOutputShutdown()) {
      context.close();
      return;
    }
    other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> shutdownOutput());
  }

  private void shutdownOutput() {
    DuplexChannel end = (DuplexChannel) other;
    SslHandler tls = end.pipeline().get(SslHandler.class);
    if (tls == null) {
      end.shutdownOutput().addListener(done -> closeIfBothEnded(end));
    } else {
      tls.closeOutbound().addListener(sent -> end.shutdownOutput());
    }
  }

  private static void closeIfBothEnded(DuplexChannel channel) {
    if (channel.isInputShutdown()) {
      channel.close();
    }
  }
}

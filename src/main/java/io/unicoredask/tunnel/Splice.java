package io.unicoredask.tunnel;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes what one connection says on to another: bytes as fast as the other takes them, an end as
 * an end while the way back stays open, a reset as a reset.
 */
final class Splice extends ChannelInboundHandlerAdapter {

  private static final Logger log = LoggerFactory.getLogger(Splice.class);

  private final Channel from;
  private final Channel to;
  private final ChannelFutureListener written = this::written;
  private Splice opposite;

  /** Nothing more is taken on. */
  private boolean ended;

  /** All that was taken on is delivered, or cannot be. */
  private boolean done;

  private Splice(Channel from, Channel to) {
    this.from = from;
    this.to = to;
  }

  /** Splices two connections on the same event loop, until both ways have ended. */
  static void join(Channel one, Channel other) {
    Splice there = new Splice(one, other);
    Splice back = new Splice(other, one);
    there.opposite = back;
    back.opposite = there;
    one.pipeline().addLast(there);
    other.pipeline().addLast(back);
  }

  /** Closes a connection such that the other end sees a reset, not an end. */
  static void abort(Channel channel) {
    try {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    } catch (ChannelException e) {
      log.debug("{} cannot be reset, only closed", channel, e); // some systems, once it is broken
    }
    // From the first handler on, so that TLS does not say goodbye.
    ChannelHandlerContext first = channel.pipeline().firstContext();
    if (first == null) {
      channel.close();
    } else {
      first.close();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (ended) {
      ReferenceCountUtil.release(message);
    } else {
      to.write(message).addListener(written);
    }
  }

  private void written(ChannelFuture write) {
    if (!write.isSuccess()) {
      ended = true;
      done();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    to.flush();
    readOn();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    opposite.readOn();
  }

  private void readOn() {
    if (!ended && to.isWritable()) {
      from.read();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent
        || event instanceof SslCloseCompletionEvent tls && tls.isSuccess()) {
      end();
    }
  }

  private void end() {
    if (!ended) {
      ended = true;
      to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> endOutput());
    }
    SslHandler tls = from.pipeline().get(SslHandler.class);
    if (tls != null && tls.engine().isOutboundDone()) {
      // Before TLS 1.3 there is no half-close: the answer to a close_notify is another one.
      opposite.ended = true;
      opposite.done();
    }
  }

  private void endOutput() {
    SslHandler tls = to.pipeline().get(SslHandler.class);
    ChannelFuture end = tls == null ? ((DuplexChannel) to).shutdownOutput() : tls.closeOutbound();
    end.addListener(sent -> done());
  }

  private void done() {
    done = true;
    if (opposite.done) {
      from.close();
      to.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (ended) {
      opposite.ended = true;
      opposite.done();
    } else {
      abort(to);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    log.debug("{} => {}: {}", from, to, cause.toString());
    abort(from);
  }
}

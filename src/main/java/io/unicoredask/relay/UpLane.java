package io.unicoredask.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.util.concurrent.TimeUnit;

/** The lane on which a session only sends. Its end is the session's. */
final class UpLane extends ChannelInboundHandlerAdapter {

  /** The relay's pushes until it hears from this end, for minutes. */
  private static final int MOST_PUSHES = 64 * 1024;

  private static final long LAST_WORDS_MILLIS = 500;

  private final Session session;
  private int pushed;

  UpLane(Session session) {
    this.session = session;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf pushes = (ByteBuf) message;
    pushed += pushes.readableBytes();
    pushes.release();
    if (pushed > MOST_PUSHES) {
      session.violated("it speaks where it has to listen");
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    session.pump();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
      endSoon(ctx, Session.CUT);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    endSoon(ctx, Session.CUT);
  }

  /** What the relay has said last may still be on its way on the other lane. */
  private void endSoon(ChannelHandlerContext ctx, String reason) {
    ctx.executor().schedule(() -> session.end(reason), LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    endSoon(ctx, Session.BROKEN + cause.getMessage());
  }
}

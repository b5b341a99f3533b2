package io.unicoredask.localsite;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Holds back, until the service sends more, some of what it sends while something is written to it,
 * as the Gateway does when its write takes answers off the socket; and now and then the end of much
 * that comes at once, as the Gateway does with a TLS record that its buffer has no room for.
 */
final class HeldAnswers extends ChannelDuplexHandler {
  private static final long WRITING_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final int BUFFER = 64 * 1024;
  private static final int TLS_RECORD = 16 * 1024;

  private final int oneIn;
  private final Runnable counting;
  private final Random random = new Random(1);
  private final Queue<Object> held = new ArrayDeque<>();
  private long lastWrite = System.nanoTime();

  /**
   * @param counting is run for each answer that is held
   */
  HeldAnswers(int oneIn, Runnable counting) {
    this.oneIn = oneIn;
    this.counting = counting;
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    lastWrite = System.nanoTime();
    context.write(message, promise);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    boolean isMuch = bytes.readableBytes() >= BUFFER;
    boolean isWriting = System.nanoTime() - lastWrite <= WRITING_NANOS;
    if (isMuch && random.nextInt(oneIn) == 0) {
      held.add(bytes.readRetainedSlice(bytes.readableBytes() - TLS_RECORD));
      free(context);
      hold(bytes);
    } else if (isWriting && !isMuch && random.nextInt(oneIn) == 0) {
      hold(bytes);
    } else {
      held.add(bytes);
      free(context);
    }
  }

  private void hold(ByteBuf bytes) {
    held.add(bytes);
    counting.run();
  }

  private void free(ChannelHandlerContext context) {
    while (!held.isEmpty()) {
      context.fireChannelRead(held.remove());
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      free(context);
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    held.forEach(ReferenceCountUtil::release);
    held.clear();
  }
}

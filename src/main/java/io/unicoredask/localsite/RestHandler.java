package io.unicoredask.localsite;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Has the requests of one connection answered, one after the other, away from the event loop: the
 * next is read when the answer is written.
 */
final class RestHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  private final HttpRequests requests;
  private final Router router;
  private final Executor workers;
  private final Supplier<Disturbance> disturbances;

  RestHandler(
      HttpRequests requests, Router router, Executor workers, Supplier<Disturbance> disturbances) {
    this.requests = requests;
    this.router = router;
    this.workers = workers;
    this.disturbances = disturbances;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    context.read();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest http) {
    byte[] body = ByteBufUtil.getBytes(http.content());
    boolean keepAlive = HttpUtil.isKeepAlive(http) && http.decoderResult().isSuccess();
    boolean head = http.method().name().equals("HEAD");
    http.retain();
    workers.execute(
        () -> {
          try {
            Disturbance disturbance = disturbances.get();
            switch (disturbance) {
              case REFUSED -> context.close();
              case HANGING -> {}
              case ERROR -> write(context, Answer.empty(500), head, keepAlive);
              case UNAVAILABLE -> write(context, Answer.empty(503), head, keepAlive);
              default -> write(context, answer(http, body), disturbance, head, keepAlive);
            }
          } finally {
            http.release();
          }
        });
  }

  private Answer answer(FullHttpRequest http, byte[] body) {
    try {
      return http.decoderResult().isSuccess()
          ? router.answer(requests.read(http, body))
          : Answer.empty(400);
    } catch (HttpProblem problem) {
      return problem.answer();
    } catch (IllegalArgumentException badUri) {
      return Answer.empty(400);
    }
  }

  private static void write(
      ChannelHandlerContext context,
      Answer answer,
      Disturbance disturbance,
      boolean head,
      boolean keepAlive) {
    switch (disturbance) {
      case ANSWER_LOST -> context.close();
      case ANSWER_CUT ->
          AnswerWriter.writeHead(context.channel(), answer)
              .addListener(ChannelFutureListener.CLOSE);
      default -> write(context, answer, head, keepAlive);
    }
  }

  private static void write(
      ChannelHandlerContext context, Answer answer, boolean head, boolean keepAlive) {
    AnswerWriter.write(context.channel(), answer, head, keepAlive)
        .addListener(done -> context.read());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // the client went away, or does not speak HTTP or TLS
    context.close();
  }
}

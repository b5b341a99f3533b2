package io.unicoredask.localsite;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import java.util.concurrent.Executor;

/**
 * Has the requests of one connection answered, one after the other, away from the event loop: the
 * next is read when the answer is written.
 */
final class RestHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  private final HttpRequests requests;
  private final Router router;
  private final Executor workers;

  RestHandler(HttpRequests requests, Router router, Executor workers) {
    this.requests = requests;
    this.router = router;
    this.workers = workers;
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
          Answer answer;
          try {
            answer =
                http.decoderResult().isSuccess()
                    ? router.answer(requests.read(http, body))
                    : Answer.empty(400);
          } catch (HttpProblem problem) {
            answer = problem.answer();
          } catch (IllegalArgumentException badUri) {
            answer = Answer.empty(400);
          } finally {
            http.release();
          }
          AnswerWriter.write(context.channel(), answer, head, keepAlive)
              .addListener(done -> context.read());
        });
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // the client went away, or does not speak HTTP or TLS
    context.close();
  }
}

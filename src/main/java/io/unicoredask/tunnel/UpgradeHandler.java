package io.unicoredask.tunnel;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLException;

/** Asks the site for the upgrade, once TLS is done if there is any, and reads the answer. */
final class UpgradeHandler extends SimpleChannelInboundHandler<HttpObject> {

  /** How it went. */
  interface Outcome {

    /** What is being done now, for the message if it takes too long. */
    void stepping(String step);

    /** The site agreed; bytes of the service may be waiting in the handlers before this one. */
    void upgraded(UpgradeHandler handler);

    /** The site did not agree. */
    void fail(String reason);
  }

  private static final int ENOUGH_OF_AN_ERROR = 400;

  private final HttpRequest request;
  private final Outcome outcome;
  private final StringBuilder error = new StringBuilder();
  private HttpResponse answer;

  UpgradeHandler(HttpRequest request, Outcome outcome) {
    this.request = request;
    this.outcome = outcome;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (secure(ctx)) {
      outcome.stepping("doing the TLS hand-shake");
    } else {
      ask(ctx);
    }
    ctx.read();
  }

  private static boolean secure(ChannelHandlerContext ctx) {
    return ctx.pipeline().get(SslHandler.class) != null;
  }

  private static String scheme(ChannelHandlerContext ctx) {
    return secure(ctx) ? "https" : "http";
  }

  private void ask(ChannelHandlerContext ctx) {
    outcome.stepping("waiting for the answer to the upgrade");
    ctx.writeAndFlush(request)
        .addListener(
            sent -> {
              if (!sent.isSuccess()) {
                exceptionCaught(ctx, sent.cause());
              }
            });
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
    if (message.decoderResult().isFailure()) {
      outcome.fail(
          "the answer to the upgrade is not HTTP (%s); is %s right in the site's URL?"
              .formatted(message.decoderResult().cause().getMessage(), scheme(ctx)));
      return;
    }
    if (message instanceof HttpResponse response) {
      answer = response;
    }
    if (HttpResponseStatus.SWITCHING_PROTOCOLS.equals(answer.status())) {
      if (message instanceof LastHttpContent) {
        outcome.upgraded(this);
      }
    } else if (answer.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
      refused(message);
    }
  }

  private void refused(HttpObject message) {
    String type = answer.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
    if (message instanceof HttpContent content && type.contains("json")) {
      error.append(content.content().toString(StandardCharsets.UTF_8));
    }
    if (message instanceof LastHttpContent || error.length() > ENOUGH_OF_AN_ERROR) {
      outcome.fail(refusal());
    }
  }

  private String refusal() {
    error.setLength(Math.min(error.length(), ENOUGH_OF_AN_ERROR));
    return Refusal.text(answer.status(), error.toString());
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.read();
    ctx.fireChannelReadComplete();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent tls) {
      if (tls.isSuccess()) {
        ask(ctx);
      } else {
        exceptionCaught(ctx, tls.cause());
      }
    } else if (event instanceof ChannelInputShutdownEvent) {
      channelInactive(ctx);
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    outcome.fail(
        answer != null
            ? refusal()
            : ("the site closed the connection instead of answering the upgrade; is it up, and is"
                    + " %s right in its URL?")
                .formatted(scheme(ctx)));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Throwable reason =
        cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
    if (reason instanceof SSLException) {
      outcome.fail(
          ("no TLS with the site: %s; trust the authority that signed the site's certificate, and"
                  + " use the host name the certificate is for")
              .formatted(reason.getMessage()));
    } else {
      outcome.fail(
          "the connection to the site broke before the upgrade: %s; is the site up?"
              .formatted(reason.getMessage()));
    }
  }
}

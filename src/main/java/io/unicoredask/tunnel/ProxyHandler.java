package io.unicoredask.tunnel;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * Asks a proxy to connect to the site. To the handlers behind it the connection is open when the
 * proxy has done so; it leaves then, together with the codec in front of it.
 *
 * <p>Netty's own reads a refusal to its end, which a proxy's page need not have.
 */
final class ProxyHandler extends SimpleChannelInboundHandler<HttpObject> {

  private final HttpRequest request;
  private final HttpProxy proxy;
  private final HttpClientCodec codec;
  private final UpgradeHandler.Outcome outcome;
  private HttpResponseStatus status;

  /**
   * @param codec the handler in front of it
   */
  ProxyHandler(
      HttpRequest request, HttpProxy proxy, HttpClientCodec codec, UpgradeHandler.Outcome outcome) {
    this.request = request;
    this.proxy = proxy;
    this.codec = codec;
    this.outcome = outcome;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    outcome.stepping("waiting for the proxy " + proxy);
    ctx.writeAndFlush(request)
        .addListener(
            sent -> {
              if (!sent.isSuccess()) {
                exceptionCaught(ctx, sent.cause());
              }
            });
    ctx.read();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
    if (message.decoderResult().isFailure()) {
      outcome.fail(
          "what the proxy %s answers is not HTTP (%s); is it an HTTP proxy that listens there?"
              .formatted(proxy, message.decoderResult().cause().getMessage()));
    } else if (message instanceof HttpResponse response) {
      status = response.status();
      if (!isConnected() && status.codeClass() != HttpStatusClass.INFORMATIONAL) {
        outcome.fail(refusal());
      }
    } else if (message instanceof LastHttpContent && isConnected()) {
      connected(ctx);
    }
  }

  private boolean isConnected() {
    return HttpResponseStatus.OK.equals(status);
  }

  private void connected(ChannelHandlerContext ctx) {
    codec.removeOutboundHandler();
    ctx.fireChannelActive();
    ctx.pipeline().remove(codec); // what came too early is passed on
    ctx.pipeline().remove(this);
  }

  private String refusal() {
    String phrase = status.reasonPhrase().replaceAll("\\p{Cntrl}", " ").strip();
    String answer = phrase.isEmpty() ? "" + status.code() : status.code() + " " + phrase;
    return switch (status.code()) {
      case 401, 407 -> // 401 is what Tinyproxy says
          ("the proxy %s does not take our credentials (%s); give those that it takes as"
                  + " unicore-dask.proxy.username and unicore-dask.proxy.password-file")
              .formatted(proxy, answer);
      case 500, 502, 503, 504 ->
          "the proxy %s cannot connect to %s (%s); is the site up, and reachable from the proxy?"
              .formatted(proxy, request.uri(), answer);
      default ->
          ("the proxy %s does not connect to %s (%s); have it allow CONNECT to this host and port,"
                  + " or name the host in http.nonProxyHosts if it can be reached without")
              .formatted(proxy, request.uri(), answer);
    };
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.read();
    ctx.fireChannelReadComplete();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      channelInactive(ctx);
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    outcome.fail(
        "the proxy %s closed the connection instead of answering; is it an HTTP proxy, and up?"
            .formatted(proxy));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    outcome.fail(
        "the connection to the proxy %s broke before it answered: %s; is it up?"
            .formatted(proxy, cause.getMessage()));
  }
}

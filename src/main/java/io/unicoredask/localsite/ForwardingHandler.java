package io.unicoredask.localsite;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Stands right behind the HTTP decoder and takes over a connection that asks to become a forwarded
 * one. What the client sends early is kept for the service.
 */
final class ForwardingHandler extends ChannelInboundHandlerAdapter {
  static final String PROTOCOL = "UNICORE-Socket-Forwarding";
  private static final int CONNECT_MILLIS = 5_000;

  private final HttpRequests requests;
  private final ForwardingTarget targets;
  private final Gateway gateway;
  private final Executor workers;
  private final Queue<ByteBuf> early = new ArrayDeque<>();
  private HttpRequest upgrade;

  ForwardingHandler(
      HttpRequests requests, ForwardingTarget targets, Gateway gateway, Executor workers) {
    this.requests = requests;
    this.targets = targets;
    this.gateway = gateway;
    this.workers = workers;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf bytes) {
      early.add(bytes);
    } else if (upgrade == null && !(message instanceof HttpRequest http && isUpgrade(http))) {
      context.fireChannelRead(message);
    } else if (message instanceof HttpRequest http) {
      upgrade = http;
    } else {
      boolean whole = message instanceof LastHttpContent;
      ReferenceCountUtil.release(message);
      if (whole) {
        begin(context);
      }
    }
  }

  private static boolean isUpgrade(HttpRequest http) {
    return http.decoderResult().isSuccess()
        && http.method().name().equals("GET")
        && PROTOCOL.equalsIgnoreCase(http.headers().get("Upgrade"))
        && http.uri().split("\\?")[0].endsWith("/forward-port");
  }

  /** From here on no more HTTP is read, so that none of the client's bytes can be lost. */
  private void begin(ChannelHandlerContext context) {
    context.pipeline().remove(HttpRequestDecoder.class);
    HttpRequest http = upgrade;
    workers.execute(
        () -> {
          try {
            InetSocketAddress target = targets.find(requests.read(http, new byte[0]));
            context
                .executor()
                .schedule(
                    () -> connect(context, target),
                    gateway.connectingMillis(),
                    TimeUnit.MILLISECONDS);
          } catch (HttpProblem problem) {
            AnswerWriter.write(context.channel(), problem.answer(), false, false);
          } catch (IllegalArgumentException badUri) {
            AnswerWriter.write(context.channel(), Answer.empty(400), false, false);
          }
        });
  }

  private void connect(ChannelHandlerContext context, InetSocketAddress target) {
    if (target.isUnresolved()) {
      switchProtocols(context).addListener(done -> context.close());
      return;
    }
    Channel client = context.channel();
    new Bootstrap()
        .group(client.eventLoop())
        .channel(NioSocketChannel.class)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
        .option(ChannelOption.AUTO_READ, false)
        .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel service) {
                gateway.join(service.pipeline(), client);
              }
            })
        .connect(target)
        .addListener((ChannelFuture connected) -> relay(context, connected));
  }

  private void relay(ChannelHandlerContext context, ChannelFuture connected) {
    Channel client = context.channel();
    Channel service = connected.channel();
    if (!connected.isSuccess()) {
      switchProtocols(context).addListener(done -> context.close());
      return;
    }
    if (!client.isActive()) {
      service.close();
      return;
    }
    switchProtocols(context);
    client.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    client.pipeline().remove(HttpResponseEncoder.class);
    while (client.pipeline().last() != this) {
      client.pipeline().removeLast();
    }
    client.pipeline().replace(this, "forwarder", gateway.forwarderTo(service));
    early.forEach(service::write);
    early.clear();
    service.flush();
    client.read();
    service.read();
  }

  /** The site answers 101 whether or not there is a service. Written while HTTP is encoded. */
  private static ChannelFuture switchProtocols(ChannelHandlerContext context) {
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS);
    AnswerWriter.addDefaults(response.headers());
    response.headers().set("Upgrade", PROTOCOL).set("Connection", "Upgrade");
    return context.writeAndFlush(response);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    early.forEach(ReferenceCountUtil::release);
    early.clear();
    context.fireChannelInactive();
  }
}

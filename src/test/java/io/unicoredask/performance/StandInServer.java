package io.unicoredask.performance;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * The stand-in of a site in a process of its own, so that what it costs is nobody else's. Prints
 * its port, and ends with its standard input.
 */
class StandInServer {

  private static final int LARGEST = 10 << 20;

  /** {@code {"python": [3, 11, 7]}} in msgpack, as the one frame of a Dask message. */
  private static final byte[] PYTHON = {
    (byte) 0x81, (byte) 0xa6, 'p', 'y', 't', 'h', 'o', 'n', (byte) 0x93, 3, 11, 7
  };

  private StandInServer() {}

  /** Listens on a free port of the loopback address. */
  public static void main(String... none) throws IOException, InterruptedException {
    NioEventLoopGroup threads = new NioEventLoopGroup(2);
    StandInSite[] site = new StandInSite[1];
    InetSocketAddress address =
        (InetSocketAddress)
            new ServerBootstrap()
                .group(threads)
                .channel(NioServerSocketChannel.class)
                .childHandler(
                    new ChannelInitializer<SocketChannel>() {
                      @Override
                      protected void initChannel(SocketChannel channel) {
                        speakHttp(channel, new SiteHandler(site[0]));
                      }
                    })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel()
                .localAddress();
    site[0] = new StandInSite("http://127.0.0.1:" + address.getPort());
    System.out.println(address.getPort());
    while (System.in.read() >= 0) {
      // until whoever started it ends
    }
    System.exit(0);
  }

  private static void speakHttp(SocketChannel channel, HttpHandler handler) {
    channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(LARGEST), handler);
  }

  private abstract static class HttpHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

    abstract StandInSite.Answer answer(FullHttpRequest request) throws IOException;

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request)
        throws IOException {
      StandInSite.Answer answer = answer(request);
      FullHttpResponse response =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1,
              HttpResponseStatus.valueOf(answer.status()),
              Unpooled.wrappedBuffer(answer.body()));
      response.headers().set("Content-Type", "application/json");
      if (answer.status() != 204) {
        response.headers().set("Content-Length", answer.body().length);
      }
      if (answer.location() != null) {
        response.headers().set("Location", answer.location());
      }
      // One session for all, as UNICORE has it, saves the credentials at each request.
      response.headers().set("X-UNICORE-SecuritySession", "session");
      response.headers().set("X-UNICORE-SecuritySession-Lifetime", "86400000");
      context.writeAndFlush(response);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (!(cause instanceof IOException)) {
        cause.printStackTrace();
      }
      context.close();
    }
  }

  /** Also forwards: what asks for it speaks with a scheduler from then on. */
  private static final class SiteHandler extends HttpHandler {
    private final StandInSite site;

    private SiteHandler(StandInSite site) {
      this.site = site;
    }

    @Override
    StandInSite.Answer answer(FullHttpRequest request) throws IOException {
      return site.answer(
          request.method().name(), request.uri(), ByteBufUtil.getBytes(request.content()));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request)
        throws IOException {
      if (request.headers().contains("Upgrade", "UNICORE-Socket-Forwarding", true)) {
        forward(context, request.uri());
      } else {
        super.channelRead0(context, request);
      }
    }

    private void forward(ChannelHandlerContext context, String uri) {
      site.count("(forwarded connection)");
      FullHttpResponse response =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS, Unpooled.EMPTY_BUFFER);
      response.headers().set("Upgrade", "UNICORE-Socket-Forwarding").set("Connection", "Upgrade");
      context.writeAndFlush(response);
      context.pipeline().remove(HttpObjectAggregator.class);
      context.pipeline().remove(HttpServerCodec.class);
      context.pipeline().remove(this);
      if (uri.contains("port=" + StandInSite.DASHBOARD_PORT)) {
        String job = uri.replaceFirst(".*/jobs/([^/]*)/.*", "$1");
        speakHttp((SocketChannel) context.channel(), new SchedulerHandler(site, job));
      } else {
        context.pipeline().addLast(new Silence());
        context.channel().writeAndFlush(greeting());
      }
    }

    private static ByteBuf greeting() {
      return Unpooled.buffer()
          .writeLongLE(2 * Long.BYTES + PYTHON.length)
          .writeLongLE(1)
          .writeLongLE(PYTHON.length)
          .writeBytes(PYTHON);
    }
  }

  private static final class SchedulerHandler extends HttpHandler {
    private final StandInSite site;
    private final String job;

    private SchedulerHandler(StandInSite site, String job) {
      this.site = site;
      this.job = job;
    }

    @Override
    StandInSite.Answer answer(FullHttpRequest request) {
      return site.schedulerAnswer(job, request.method().name(), request.uri());
    }
  }

  private static final class Silence extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ReferenceCountUtil.release(message);
    }
  }
}

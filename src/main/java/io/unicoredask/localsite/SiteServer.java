package io.unicoredask.localsite;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The listener and its connections. */
final class SiteServer implements AutoCloseable {
  private static final int LARGEST_UPLOAD = 64 * 1024 * 1024;

  private final EventLoopGroup loops =
      new NioEventLoopGroup(2, new DefaultThreadFactory("localsite-io", true));
  private final ExecutorService workers =
      Executors.newCachedThreadPool(new DefaultThreadFactory("localsite-rest", true));
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final SslContext tls;
  private volatile Supplier<Disturbance> disturbances = () -> Disturbance.NONE;
  private Channel listener;

  /**
   * Listens to nothing yet.
   *
   * @param tls {@code null} for plain HTTP
   */
  SiteServer(SslContext tls) {
    this.tls = tls;
  }

  void disturb(Supplier<Disturbance> disturbances) {
    this.disturbances = disturbances;
  }

  Executor workers() {
    return workers;
  }

  /** Listens, and returns the address. */
  InetSocketAddress listen(
      InetSocketAddress address,
      HttpRequests requests,
      Router router,
      ForwardingTarget targets,
      Gateway gateway)
      throws IOException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    connections.add(channel);
                    fill(channel.pipeline(), requests, router, targets, gateway);
                  }
                });
    listener = bootstrap.bind(address).awaitUninterruptibly().channel();
    if (!listener.isActive()) {
      throw new IOException(
          "Local site: cannot listen on %s; is another program using the port?".formatted(address));
    }
    return (InetSocketAddress) listener.localAddress();
  }

  private void fill(
      ChannelPipeline pipeline,
      HttpRequests requests,
      Router router,
      ForwardingTarget targets,
      Gateway gateway) {
    if (tls != null) {
      pipeline.addLast(tls.newHandler(pipeline.channel().alloc()));
    }
    pipeline
        .addLast(new HttpResponseEncoder())
        .addLast(new HttpRequestDecoder())
        .addLast(new ForwardingHandler(requests, targets, gateway, workers))
        .addLast(new HttpObjectAggregator(LARGEST_UPLOAD))
        .addLast(new FlowControlHandler())
        .addLast(new RestHandler(requests, router, workers, () -> disturbances.get()));
  }

  @Override
  public void close() {
    if (listener != null) {
      listener.close().awaitUninterruptibly();
    }
    connections.close().awaitUninterruptibly();
    workers.shutdownNow();
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}

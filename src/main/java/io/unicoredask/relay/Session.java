package io.unicoredask.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.unicoredask.tunnel.LocalClient;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The streams of one client of a relay, from the proofs to the end. Reads from the connection whose
 * pipeline it is in, and writes to that or to another one. Everything happens on their event loop,
 * where the clients of the streams live too.
 */
final class Session extends ChannelInboundHandlerAdapter {

  static final String CUT = "the connection was closed on its way, or the job is over";
  static final String BROKEN = "the connection broke: ";

  private static final int LOOK_SECONDS = 2;
  private static final int SILENCES = 3;

  /** The first byte of a stream to the agent in the scheduler. */
  private static final byte AGENT = 'A';

  /** Answers that may wait for a relay that does not read them. */
  private static final int MOST_REPLIES = 10_000;

  private final Channel up;
  private final Runnable goodbye;
  private final Consumer<String> ended;
  private final Map<Integer, RelayStream> streams = new LinkedHashMap<>();
  private final Set<RelayStream> touched = new LinkedHashSet<>();
  private final ReceiveWindow.Growth growth = new ReceiveWindow.Growth();
  private ChannelHandlerContext context;
  private Future<?> looking;
  private int nextStream = 1;
  private int replies;
  private int pings;
  private boolean heard = true;
  private int silences;
  private boolean over;

  /**
   * @param up what it writes to
   * @param goodbye is told when the relay ends as it should
   * @param ended is told once why the connection is over
   */
  Session(Channel up, Runnable goodbye, Consumer<String> ended) {
    this.up = up;
    this.goodbye = goodbye;
    this.ended = ended;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    looking =
        ctx.executor()
            .scheduleAtFixedRate(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    if (up != ctx.channel()) {
      ask(); // so that the relay knows that its proofs have arrived, and ends its pushing
    }
  }

  /** Makes a client a stream of this connection. */
  void open(LocalClient client, RelayService service) {
    if (nextStream < 0) {
      end("all numbers for streams are used up");
      client.channel().close();
      return;
    }
    int id = nextStream;
    ReceiveWindow window = new ReceiveWindow(growth);
    ClientStream stream = new ClientStream(this, id, client, service, window);
    client.channel().pipeline().addLast(stream);
    open(stream, service.code);
    client.letSpeak();
    stream.readOn();
    up.flush();
  }

  /** Opens the stream to the agent in the scheduler. */
  void open(AgentLink agent) {
    AgentStream stream =
        new AgentStream(this, nextStream, context.alloc(), new ReceiveWindow(growth), agent);
    open(stream, AGENT);
    up.flush();
    agent.begins(stream);
  }

  private void open(RelayStream stream, byte service) {
    streams.put(nextStream, stream);
    send(Frame.DATA, Frame.SYN, nextStream, 1);
    up.write(context.alloc().ioBuffer(1).writeByte(service));
    nextStream += 2;
  }

  // for the streams

  boolean isWritable() {
    return up.isWritable();
  }

  /** Writes a frame's header; the payload of a Data frame has to follow. */
  void send(int type, int flags, int stream, long length) {
    if (!over) {
      up.write(Frame.header(context.alloc(), type, flags, stream, length));
    }
  }

  void sendData(int stream, ByteBuf payload) {
    if (over) {
      payload.release();
      return;
    }
    send(Frame.DATA, 0, stream, payload.readableBytes());
    up.write(payload);
  }

  void flush() {
    up.flush();
  }

  /** Bytes of a stream were passed on, so that the relay may send more. */
  void consumed(int stream, ReceiveWindow window, int bytes) {
    int more = window.consume(bytes);
    if (more > 0) {
      send(Frame.WINDOW, 0, stream, more);
      flush();
    }
  }

  void forget(int stream) {
    streams.remove(stream);
  }

  // from the relay

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    heard = true;
    Frame frame = (Frame) message;
    if (over) {
      ReferenceCountUtil.release(frame.payload());
    } else if (frame.type() == Frame.PING) {
      ping(frame);
    } else if (frame.type() == Frame.AWAY && frame.length() == 0) {
      goodbye.run();
      end("the relay has ended, and so has its scheduler: look at the job's status and log");
    } else if (frame.type() == Frame.AWAY) {
      end("the relay does not understand this end (error %d)".formatted(frame.length()));
    } else {
      streamFrame(frame);
    }
  }

  private void ping(Frame ping) {
    if (ping.has(Frame.SYN)) {
      send(Frame.PING, Frame.ACK, 0, ping.length());
      replies = isWritable() ? 0 : replies + 1;
      if (replies > MOST_REPLIES) {
        end("the relay asks without end and reads no answers");
      }
    }
  }

  private void streamFrame(Frame frame) {
    int id = frame.stream();
    RelayStream stream = streams.get(id);
    if (frame.has(Frame.SYN) || id < 0 || id % 2 == 0 || id >= nextStream && nextStream > 0) {
      ReferenceCountUtil.release(frame.payload());
      violated("a frame on stream %d, which was never opened".formatted(id));
    } else if (stream == null) {
      ReferenceCountUtil.release(frame.payload()); // it was on its way when the stream ended
    } else if (frame.has(Frame.RST)) {
      ReferenceCountUtil.release(frame.payload());
      stream.resetByRelay();
    } else if (frame.type() == Frame.WINDOW) {
      stream.enlarge(frame.length());
      if (frame.has(Frame.FIN)) {
        stream.endByRelay();
      }
    } else {
      touched.add(stream);
      stream.take(frame.payload());
      if (frame.has(Frame.FIN)) {
        stream.endByRelay();
      }
    }
  }

  /** The relay broke the protocol. */
  void violated(String how) {
    send(Frame.AWAY, 0, 0, 1);
    up.flush();
    end("the relay does not keep to the protocol: " + how);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    touched.forEach(RelayStream::flush);
    touched.clear();
    up.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (up == ctx.channel()) {
      pump();
    }
  }

  /** Sends what has been waiting, where that is possible again. */
  void pump() {
    if (isWritable()) {
      List.copyOf(streams.values()).forEach(RelayStream::pump);
      up.flush();
    }
  }

  // whether it is alive

  /**
   * Counts looks rather than time, so that a machine that slept does not take the relay for dead.
   */
  private void look() {
    silences = heard ? 0 : silences + 1;
    if (silences >= SILENCES) {
      end("nothing came from the relay for %d s".formatted(SILENCES * LOOK_SECONDS));
    } else if (!heard) {
      ask();
    }
    heard = false;
  }

  private void ask() {
    send(Frame.PING, Frame.SYN, 0, ++pings);
    up.flush();
  }

  // the end

  /** Says goodbye, and closes. */
  void leave() {
    send(Frame.AWAY, 0, 0, 0);
    up.flush();
    end("closed");
  }

  /** It is over; only the first reason counts. */
  void end(String reason) {
    if (over) {
      return;
    }
    over = true;
    looking.cancel(false);
    List.copyOf(streams.values()).forEach(RelayStream::abort);
    streams.clear();
    up.close();
    context.close();
    ended.accept(reason);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
      end(CUT);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    end(CUT);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof DecoderException) {
      violated(String.valueOf(cause.getMessage()));
    } else {
      end(BROKEN + cause.getMessage());
    }
  }

  /** What a relay said, fit for a log. */
  static String text(ByteBuf said) {
    return clean(new String(ByteBufUtil.getBytes(said), StandardCharsets.UTF_8));
  }

  /** Without what could forge a line of a log. */
  static String clean(String said) {
    return said.replaceAll("\\p{Cntrl}+\\s*", " ").strip();
  }
}

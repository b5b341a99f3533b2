package io.unicoredask.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.unicoredask.tunnel.LocalClient;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One client as a stream of a connection to a relay: bytes as fast as the other end takes them, an
 * end as an end while the way back stays open, a reset as a reset.
 */
final class ClientStream extends ChannelInboundHandlerAdapter implements RelayStream {

  private static final byte CONNECTED = 'C';
  private static final int ENOUGH_OF_A_REASON = 300;
  private static final long LARGEST_WINDOW = 0xFFFFFFFFL;

  private final Session session;
  private final int id;
  private final LocalClient client;
  private final SocketChannel channel;
  private final RelayService service;
  private final ReceiveWindow window;
  private final Deque<ByteBuf> unsent = new ArrayDeque<>();
  private long credit = Frame.FIRST_WINDOW - 1; // the target's name is sent already
  private boolean connected;
  private ByteBuf refusal;
  private boolean clientEnded;
  private boolean finSent;
  private boolean finReceived;
  private boolean over;

  ClientStream(
      Session session, int id, LocalClient client, RelayService service, ReceiveWindow window) {
    this.session = session;
    this.id = id;
    this.client = client;
    this.channel = client.channel();
    this.service = service;
    this.window = window;
  }

  // from the client

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (over || clientEnded) {
      ReferenceCountUtil.release(message);
    } else {
      unsent.add((ByteBuf) message);
      pump();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    session.flush();
    readOn();
  }

  /** Sends what the relay takes now. */
  @Override
  public void pump() {
    while (!unsent.isEmpty() && credit > 0) {
      ByteBuf first = unsent.peek();
      int size = (int) Math.min(credit, first.readableBytes());
      ByteBuf part = first.readRetainedSlice(size);
      if (!first.isReadable()) {
        unsent.remove().release();
      }
      credit -= size;
      session.sendData(id, part);
    }
    if (unsent.isEmpty() && clientEnded && !finSent) {
      finSent = true;
      session.send(Frame.WINDOW, Frame.FIN, id, 0);
      closeIfBothEnded();
    }
    readOn();
  }

  void readOn() {
    if (!over && !clientEnded && unsent.isEmpty() && credit > 0 && session.isWritable()) {
      channel.read();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent && !clientEnded && !over) {
      clientEnded = true;
      pump();
      session.flush();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    reset();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    reset();
  }

  // from the relay

  @Override
  public void enlarge(long more) {
    credit += more;
    if (credit > LARGEST_WINDOW) {
      session.violated("a window of more than 4 GiB");
      return;
    }
    pump();
    session.flush();
  }

  /** Takes the payload of a Data frame; null if it has none. */
  @Override
  public void take(ByteBuf payload) {
    if (payload == null) {
      return;
    }
    int bytes = payload.readableBytes();
    if (finReceived || !window.receive(bytes)) {
      payload.release();
      session.violated("more data than was asked for");
      return;
    }
    if (!connected && refusal == null) {
      answer(payload.readByte());
    }
    if (refusal != null) {
      int size = Math.min(payload.readableBytes(), refusal.writableBytes());
      refusal.writeBytes(payload, size);
      payload.release();
    } else {
      channel.write(payload).addListener((ChannelFuture write) -> written(write, bytes));
    }
  }

  private void answer(byte answer) {
    if (answer == CONNECTED) {
      connected = true;
      client.served();
    } else {
      refusal = Unpooled.buffer(ENOUGH_OF_A_REASON, ENOUGH_OF_A_REASON);
    }
  }

  private void written(ChannelFuture write, int bytes) {
    if (!write.isSuccess()) {
      reset();
    } else if (!over && !finReceived) {
      session.consumed(id, window, bytes);
    }
  }

  @Override
  public void flush() {
    channel.flush();
  }

  /** The service will say nothing more. */
  @Override
  public void endByRelay() {
    if (finReceived || over) {
      return;
    }
    finReceived = true;
    if (refusal != null) {
      session.send(Frame.WINDOW, Frame.RST, id, 0);
      refuse(Session.text(refusal));
      return;
    }
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(flushed -> channel.shutdownOutput().addListener(ended -> closeIfBothEnded()));
  }

  private void closeIfBothEnded() {
    if (finSent && finReceived && channel.isOutputShutdown() && !over) {
      release();
      channel.close();
    }
  }

  @Override
  public void resetByRelay() {
    if (connected) {
      abort();
    } else {
      refuse("no room for another stream");
    }
  }

  private void refuse(String reason) {
    release();
    client.turnAway("the relay cannot connect to the %s: %s".formatted(service, reason));
  }

  // the end

  /** The client is gone. */
  private void reset() {
    if (!over) {
      session.send(Frame.WINDOW, Frame.RST, id, 0);
      session.flush();
      abort();
    }
  }

  /** The stream is gone, and takes the client with it. */
  @Override
  public void abort() {
    release();
    client.abort();
  }

  private void release() {
    if (!over) {
      over = true;
      session.forget(id);
      window.giveBack();
      unsent.forEach(ByteBuf::release);
      unsent.clear();
    }
  }
}

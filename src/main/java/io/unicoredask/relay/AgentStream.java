package io.unicoredask.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import java.nio.charset.StandardCharsets;

/** The stream to the agent in the scheduler: lines both ways. */
final class AgentStream implements RelayStream {

  private static final byte CONNECTED = 'C';

  /** What the agent says of thousands of workers in one line is far less. */
  private static final int LONGEST_LINE = 4 << 20;

  private static final int LARGEST_FRAME = 64 * 1024;

  private final Session session;
  private final int id;
  private final ReceiveWindow window;
  private final AgentLink agent;
  private final ByteBuf unsent;
  private final CompositeByteBuf line;
  private long credit = Frame.FIRST_WINDOW - 1;
  private boolean connected;
  private boolean over;

  AgentStream(
      Session session, int id, ByteBufAllocator allocator, ReceiveWindow window, AgentLink agent) {
    this.session = session;
    this.id = id;
    this.window = window;
    this.agent = agent;
    this.unsent = allocator.buffer();
    this.line = allocator.compositeBuffer(Integer.MAX_VALUE);
  }

  /** Sends a line, whose end is added. */
  void say(String text) {
    if (!over) {
      unsent.writeCharSequence(text, StandardCharsets.UTF_8);
      unsent.writeByte('\n');
      pump();
      session.flush();
    }
  }

  @Override
  public void pump() {
    while (!over && unsent.isReadable() && credit > 0) {
      int size = (int) Math.min(Math.min(credit, LARGEST_FRAME), unsent.readableBytes());
      credit -= size;
      session.sendData(id, unsent.readBytes(size));
    }
    if (!over && !unsent.isReadable()) {
      unsent.clear();
    }
  }

  @Override
  public void enlarge(long more) {
    credit += more;
    pump();
    session.flush();
  }

  @Override
  public void take(ByteBuf payload) {
    if (payload == null) {
      return;
    }
    int bytes = payload.readableBytes();
    if (!window.receive(bytes)) {
      payload.release();
      session.violated("more data than was asked for");
      return;
    }
    session.consumed(id, window, bytes);
    if (!connected && payload.readByte() != CONNECTED) {
      leave("the relay has no agent: " + Session.text(payload));
      payload.release();
      return;
    }
    connected = true;
    line.addComponent(true, payload);
    readLines();
  }

  private void readLines() {
    for (int end = end(); end >= 0 && !over; end = end()) {
      String text = line.readCharSequence(end, StandardCharsets.UTF_8).toString();
      line.skipBytes(1);
      agent.says(text);
    }
    if (over) {
      return;
    }
    line.discardReadComponents();
    if (line.readableBytes() > LONGEST_LINE) {
      leave("it says more than %d MiB in one line".formatted(LONGEST_LINE >> 20));
    }
  }

  private int end() {
    return line.isReadable() ? line.bytesBefore((byte) '\n') : -1;
  }

  /** Hears no more of what makes no sense. */
  void leave(String reason) {
    session.send(Frame.WINDOW, Frame.RST, id, 0);
    session.flush();
    release();
    agent.fails(reason);
  }

  @Override
  public void flush() {}

  @Override
  public void endByRelay() {
    leave("it has ended");
  }

  @Override
  public void resetByRelay() {
    release();
    agent.fails("the relay has ended its stream");
  }

  @Override
  public void abort() {
    release();
    agent.ends();
  }

  private void release() {
    if (!over) {
      over = true;
      session.forget(id);
      window.giveBack();
      unsent.release();
      line.release();
    }
  }
}

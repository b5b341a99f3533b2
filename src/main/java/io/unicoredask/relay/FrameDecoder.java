package io.unicoredask.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Makes frames of bytes. A long Data frame comes out as several, as its bytes come in, so that none
 * is ever waited for as a whole.
 */
final class FrameDecoder extends ByteToMessageDecoder {

  private Frame cut;
  private int flagsLeft;
  private long bytesLeft;

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (cut == null) {
      if (in.readableBytes() >= Frame.HEADER) {
        begin(Frame.readHeader(in), out);
      }
      return;
    }
    int size = (int) Math.min(bytesLeft, in.readableBytes());
    bytesLeft -= size;
    int flags = bytesLeft == 0 ? flagsLeft : flagsLeft & ~Frame.FIN;
    flagsLeft &= Frame.FIN;
    out.add(cut.part(flags, take(in, size)));
    if (bytesLeft == 0) {
      cut = null;
    }
  }

  /**
   * Copies what is little beside that with which it came: a client that does not read it would keep
   * all of that.
   */
  private static ByteBuf take(ByteBuf in, int size) {
    return size < in.capacity() / 4 ? in.readBytes(size) : in.readRetainedSlice(size);
  }

  private void begin(Frame frame, List<Object> out) {
    if (frame.type() != Frame.DATA || frame.length() == 0) {
      out.add(frame);
    } else {
      cut = frame;
      flagsLeft = frame.flags();
      bytesLeft = frame.length();
    }
  }
}

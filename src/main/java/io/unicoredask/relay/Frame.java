package io.unicoredask.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.CorruptedFrameException;

/**
 * A frame of yamux.
 *
 * @param type one of the four types
 * @param flags a combination of the four flags
 * @param stream the stream's number; 0 for the connection as a whole
 * @param length what it means depends on the type: the payload's length, a window's growth, a
 *     ping's value, an error code
 * @param payload what comes with a Data frame; null if nothing does
 */
record Frame(int type, int flags, int stream, long length, ByteBuf payload) {

  static final int DATA = 0;
  static final int WINDOW = 1;
  static final int PING = 2;
  static final int AWAY = 3;

  static final int SYN = 1;
  static final int ACK = 2;
  static final int FIN = 4;
  static final int RST = 8;

  static final int HEADER = 12;

  /** What a window is before the first update. */
  static final int FIRST_WINDOW = 256 * 1024;

  /** Reads a header, for which there must be bytes enough. */
  static Frame readHeader(ByteBuf in) {
    int version = in.readUnsignedByte();
    int type = in.readUnsignedByte();
    int flags = in.readUnsignedShort();
    int stream = in.readInt();
    long length = in.readUnsignedInt();
    if (version != 0 || type > AWAY || flags > (SYN | ACK | FIN | RST)) {
      throw new CorruptedFrameException("what came is no frame");
    }
    if ((stream == 0) != (type == PING || type == AWAY)) {
      throw new CorruptedFrameException("a frame of type %d on stream 0".formatted(type));
    }
    return new Frame(type, flags, stream, length, null);
  }

  static ByteBuf header(ByteBufAllocator allocator, int type, int flags, int stream, long length) {
    return allocator
        .ioBuffer(HEADER)
        .writeByte(0)
        .writeByte(type)
        .writeShort(flags)
        .writeInt(stream)
        .writeInt((int) length);
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** Part of this frame as a frame of its own. */
  Frame part(int partFlags, ByteBuf part) {
    return new Frame(type, partFlags, stream, part.readableBytes(), part);
  }
}

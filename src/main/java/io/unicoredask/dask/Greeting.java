package io.unicoredask.dask;

import java.io.IOException;
import java.util.StringJoiner;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;

/** The msgpack frame that a Dask scheduler greets with. */
final class Greeting {

  private static final int MAX_ENTRIES = 64;
  private static final int MAX_VERSION_PARTS = 8;

  private Greeting() {}

  /** The version of Python that the greeting names. */
  static String python(byte[] frame) throws IOException {
    // entry by entry: unpacking whole values would allocate whatever lengths the frame claims
    try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(frame)) {
      int entries = unpacker.unpackMapHeader();
      for (int i = 0; i < Math.min(entries, MAX_ENTRIES); i++) {
        if (unpacker.unpackString().equals("python")) {
          return version(unpacker);
        }
        unpacker.skipValue();
      }
    } catch (MessagePackException | IOException e) {
      throw new IOException("what came is not the greeting of a Dask scheduler", e);
    }
    throw new IOException("the greeting that came names no version of Python");
  }

  private static String version(MessageUnpacker unpacker) throws IOException {
    int parts = unpacker.unpackArrayHeader();
    if (parts > MAX_VERSION_PARTS) {
      throw new IOException("a version of " + parts + " parts");
    }
    StringJoiner version = new StringJoiner(".");
    for (int i = 0; i < parts; i++) {
      version.add(Integer.toString(unpacker.unpackInt()));
    }
    return version.toString();
  }
}

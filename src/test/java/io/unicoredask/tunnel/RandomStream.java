package io.unicoredask.tunnel;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;

/** A long stream of random bytes that needs not be kept to know its checksum. */
public record RandomStream(long seed, long length) {

  private static final int BLOCK = 64 * 1024;

  public void writeTo(OutputStream out, AtomicLong sent) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] block = new byte[BLOCK];
    for (long left = length; left > 0; left -= BLOCK) {
      random.nextBytes(block);
      int size = (int) Math.min(BLOCK, left);
      out.write(block, 0, size);
      sent.addAndGet(size);
    }
    out.flush();
  }

  public long checksum() {
    SplittableRandom random = new SplittableRandom(seed);
    CRC32 crc = new CRC32();
    byte[] block = new byte[BLOCK];
    for (long left = length; left > 0; left -= BLOCK) {
      random.nextBytes(block);
      crc.update(block, 0, (int) Math.min(BLOCK, left));
    }
    return crc.getValue();
  }

  /** The checksum of the next bytes that come, as many as this stream has. */
  public long checksumOf(InputStream in) throws IOException {
    CRC32 crc = new CRC32();
    byte[] block = new byte[BLOCK];
    for (long left = length; left > 0; ) {
      int read = in.read(block, 0, (int) Math.min(BLOCK, left));
      if (read < 0) {
        throw new EOFException("%d of %d bytes are missing".formatted(left, length));
      }
      crc.update(block, 0, read);
      left -= read;
    }
    return crc.getValue();
  }
}

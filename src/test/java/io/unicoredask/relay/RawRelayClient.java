package io.unicoredask.relay;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A client of a relay that can say whatever a test wants. */
final class RawRelayClient implements AutoCloseable {

  final Socket socket;
  final DataInputStream in;
  byte[] nonce = RelaySecret.nonce();
  byte[] relayNonce;

  RawRelayClient(RelayFile relay) throws IOException {
    socket = new Socket(relay.host(), relay.port());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(60_000);
    in = new DataInputStream(socket.getInputStream());
  }

  void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  void hello() throws IOException {
    write(Introduction.MAGIC);
    write(nonce);
    byte[] magic = in.readNBytes(Introduction.MAGIC.length);
    relayNonce = in.readNBytes(RelaySecret.LENGTH);
    if (!Introduction.PROTOCOL.equals(new String(magic, StandardCharsets.US_ASCII))) {
      throw new IOException("not a relay");
    }
  }

  RawRelayClient introduced(RelaySecret secret) throws IOException {
    return introduced(secret, Lane.BOTH);
  }

  RawRelayClient introduced(RelaySecret secret, Lane lane) throws IOException {
    hello();
    write(secret.prove(lane.proof, nonce, relayNonce));
    while (in.readByte() == 0) {
      // filling
    }
    in.readNBytes(RelaySecret.LENGTH);
    return this;
  }

  void frame(int type, int flags, int stream, int length, byte... payload) throws IOException {
    write(bytes(type, flags, stream, length, payload));
  }

  static byte[] bytes(int type, int flags, int stream, int length, byte... payload) {
    return ByteBuffer.allocate(Frame.HEADER + payload.length)
        .put((byte) 0)
        .put((byte) type)
        .putShort((short) flags)
        .putInt(stream)
        .putInt(length)
        .put(payload)
        .array();
  }

  /** Its payload is skipped. */
  private record Header(int type, int flags, int stream, int length) {}

  private Header header() throws IOException {
    in.readByte();
    Header header =
        new Header(in.readUnsignedByte(), in.readUnsignedShort(), in.readInt(), in.readInt());
    if (header.type == Frame.DATA) {
      in.skipNBytes(header.length);
    }
    return header;
  }

  /**
   * The next frame that is not a ping, its payload skipped, as {@code type flags stream length}.
   */
  String next() throws IOException {
    while (true) {
      Header header = header();
      if (header.type != Frame.PING) {
        return "%d %d %d %d".formatted(header.type, header.flags, header.stream, header.length);
      }
    }
  }

  /** The value of the next ping that wants an answer, all before it skipped. */
  int nextQuestion() throws IOException {
    while (true) {
      Header header = header();
      if (header.type == Frame.PING && header.flags == Frame.SYN) {
        return header.length;
      }
    }
  }

  /** Everything the relay says until it closes the connection; fails if it does not. */
  byte[] rest() throws IOException {
    try {
      return in.readAllBytes();
    } catch (java.net.SocketException e) {
      return new byte[0];
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

package io.unicoredask.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FrameDecoderTest {

  private final EmbeddedChannel relay = new EmbeddedChannel(new FrameDecoder());

  /** What the relay sends at once. */
  private final ByteBuf packet = Unpooled.directBuffer(256 * 1024);

  @AfterEach
  void end() {
    relay.finishAndReleaseAll();
  }

  private void says(int stream, int bytes) {
    packet
        .writeBytes(RawRelayClient.bytes(Frame.DATA, 0, stream, bytes, new byte[0]))
        .writeZero(bytes);
  }

  private ByteBuf heard() {
    return ((Frame) relay.readInbound()).payload();
  }

  @Test
  void aLittleForAClientThatDoesNotReadDoesNotKeepWhatElseCame() {
    says(1, 100);
    says(3, 200 * 1024);
    relay.writeInbound(packet);
    ByteBuf little = heard();
    ByteBuf much = heard();
    assertThat(little.readableBytes()).isEqualTo(100);
    assertThat(much.readableBytes()).isEqualTo(200 * 1024);

    much.release();

    assertThat(packet.refCnt()).isZero();
    assertThat(little.release()).isTrue();
  }

  @Test
  void muchIsPassedOnWithoutBeingCopied() {
    says(1, 200 * 1024);
    relay.writeInbound(packet);
    ByteBuf much = heard();

    assertThat(much.memoryAddress()).isEqualTo(packet.memoryAddress() + Frame.HEADER);
    assertThat(much.release()).isTrue();
  }
}

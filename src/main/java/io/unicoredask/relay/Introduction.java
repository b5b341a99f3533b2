package io.unicoredask.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Proves to the relay that this end knows the secret, and has the relay prove the same. */
final class Introduction extends ByteToMessageDecoder {

  /** How it went. */
  interface Outcome {

    /** The relay is the right one. Whoever removes the handler gets what came after its proof. */
    void introduced(ChannelHandlerContext introduction);

    /**
     * It is not, there is none, or the connection has ended after all, the handler being there
     * still.
     */
    void strange(String reason);
  }

  static final String PROTOCOL = "DASKRLY1";
  static final byte[] MAGIC = PROTOCOL.getBytes(StandardCharsets.US_ASCII);
  static final String RELAY = PROTOCOL + " relay  ";

  private static final int SECONDS = 10;
  private static final int MOST_AFTERWARDS = 64 * 1024;
  private static final byte FILLER = 0;
  private static final byte PROOF = 1;

  private final RelaySecret secret;
  private final Lane lane;
  private final byte[] nonce;
  private final String where;
  private final Outcome outcome;
  private ChannelHandlerContext context;
  private byte[] relayNonce;
  private Future<?> deadline;
  private boolean introduced;
  private boolean over;

  /**
   * @param lane which way the connection is to lead
   * @param nonce of this client; the same for all lanes of a session, and for nothing else
   * @param where the relay's address, for messages
   */
  Introduction(RelaySecret secret, Lane lane, byte[] nonce, String where, Outcome outcome) {
    this.secret = secret;
    this.lane = lane;
    this.nonce = nonce;
    this.where = where;
    this.outcome = outcome;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    deadline =
        ctx.executor()
            .schedule(
                () ->
                    strange("the relay at %s did not answer within %d s".formatted(where, SECONDS)),
                SECONDS,
                TimeUnit.SECONDS);
  }

  /** Begins, once HTTP is out of the way. */
  void speak() {
    context.writeAndFlush(Unpooled.wrappedBuffer(MAGIC, nonce));
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (over) {
      in.skipBytes(in.readableBytes());
    } else if (introduced) {
      // What came is for who comes after this handler.
      if (in.readableBytes() > MOST_AFTERWARDS) {
        strange("the relay at %s speaks where it has to listen".formatted(where));
      }
    } else if (relayNonce == null) {
      challenge(ctx, in);
    } else {
      proof(ctx, in);
    }
  }

  private void challenge(ChannelHandlerContext ctx, ByteBuf in) {
    byte[] start =
        ByteBufUtil.getBytes(in, in.readerIndex(), Math.min(MAGIC.length, in.readableBytes()));
    if (!Arrays.equals(start, Arrays.copyOf(MAGIC, start.length))) {
      strange("what answers at %s is not a relay".formatted(where));
    } else if (in.readableBytes() >= MAGIC.length + RelaySecret.LENGTH) {
      in.skipBytes(MAGIC.length);
      relayNonce = new byte[RelaySecret.LENGTH];
      in.readBytes(relayNonce);
      ctx.writeAndFlush(Unpooled.wrappedBuffer(secret.prove(lane.proof, nonce, relayNonce)));
    }
  }

  private void proof(ChannelHandlerContext ctx, ByteBuf in) {
    byte kind = in.getByte(in.readerIndex());
    if (kind == FILLER) {
      in.skipBytes(1);
    } else if (kind != PROOF) {
      strange("what answers at %s is not a relay".formatted(where));
    } else if (in.readableBytes() > RelaySecret.LENGTH) {
      in.skipBytes(1);
      byte[] proof = new byte[RelaySecret.LENGTH];
      in.readBytes(proof);
      if (!MessageDigest.isEqual(proof, secret.prove(RELAY, nonce, relayNonce))) {
        strange("the relay at %s does not know the secret; another answers there".formatted(where));
        return;
      }
      introduced = true;
      deadline.cancel(false);
      outcome.introduced(ctx);
    }
  }

  private void strange(String reason) {
    if (!over) {
      over = true;
      deadline.cancel(false);
      outcome.strange(reason);
    }
  }

  private void ended() {
    strange(introduced ? Session.CUT : unanswered());
  }

  private String unanswered() {
    return relayNonce == null
        ? "nothing came after the 101; nobody listens at %s, or the job is over: look at the job's status and log"
            .formatted(where)
        : "the relay at %s does not take this end's proof; does it have another secret?"
            .formatted(where);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    super.userEventTriggered(ctx, event);
    if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
      ended();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    super.channelInactive(ctx);
    ended();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    strange("the connection to the relay at %s broke: %s".formatted(where, cause.getMessage()));
  }
}

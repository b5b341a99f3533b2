package io.unicoredask.relay;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.unicoredask.tunnel.SiteLink;

/** One attempt to open one lane to a relay, until both ends have proved the secret. */
final class LaneAttempt implements SiteLink.Outcome, Introduction.Outcome {

  /** How it stands. */
  sealed interface State {

    /** Nothing is known yet. */
    record UnderWay() implements State {}

    /** The relay is there and the right one. */
    record Open(ChannelHandlerContext introduction) implements State {}

    /**
     * There is no such connection.
     *
     * @param isStrange whether the site forwarded, and what answered was not the relay
     */
    record Failed(String reason, boolean isStrange) implements State {}
  }

  private static final WriteBufferWaterMark BUFFER =
      new WriteBufferWaterMark(256 * 1024, 512 * 1024);

  private final Lane lane;
  private final RelaySecret secret;
  private final byte[] nonce;
  private final String relay;
  private final Runnable changed;
  private Channel channel;
  private State state = new State.UnderWay();

  /**
   * @param nonce the session's
   * @param relay its address, for messages
   * @param changed is told of every change of the state
   */
  LaneAttempt(Lane lane, RelaySecret secret, byte[] nonce, String relay, Runnable changed) {
    this.lane = lane;
    this.secret = secret;
    this.nonce = nonce;
    this.relay = relay;
    this.changed = changed;
  }

  Lane lane() {
    return lane;
  }

  State state() {
    return state;
  }

  void close() {
    if (channel != null) {
      channel.close();
    }
  }

  private void become(State next) {
    state = next;
    changed.run();
  }

  @Override
  public void upgraded(Channel upstream, Runnable switchOver) {
    channel = upstream;
    Introduction introduction = new Introduction(secret, lane, nonce, relay, this);
    channel.pipeline().addLast(introduction);
    channel.config().setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, BUFFER);
    channel.config().setAutoRead(true); // the windows of the streams say how much may come
    switchOver.run();
    introduction.speak();
  }

  @Override
  public void introduced(ChannelHandlerContext introduction) {
    become(new State.Open(introduction));
  }

  @Override
  public void strange(String reason) {
    close();
    become(new State.Failed(reason, true));
  }

  @Override
  public void failed(String reason) {
    become(new State.Failed(reason, false));
  }
}

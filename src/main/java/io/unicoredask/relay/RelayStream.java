package io.unicoredask.relay;

import io.netty.buffer.ByteBuf;

/** One stream of a session, as the session sees it. All of it happens on the event loop. */
interface RelayStream {

  /** Sends what the relay takes now. */
  void pump();

  /** The relay takes so many bytes more. */
  void enlarge(long more);

  /** Takes the payload of a Data frame; null if it has none. */
  void take(ByteBuf payload);

  /** All that came for now has been taken. */
  void flush();

  /** The far end will say nothing more. */
  void endByRelay();

  /** The far end has ended both ways. */
  void resetByRelay();

  /** The session is over, or the near end is gone. */
  void abort();
}

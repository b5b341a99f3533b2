package io.unicoredask.relay;

import java.util.Locale;

/** What a relay connects to: the services of its own cluster, nothing else. */
public enum RelayService {
  /** The scheduler's TCP port, which Dask clients connect to. */
  SCHEDULER('S'),

  /** The scheduler's HTTP server, which has the dashboard too. */
  DASHBOARD('D');

  /** The first byte of a stream to this service. */
  final byte code;

  RelayService(char code) {
    this.code = (byte) code;
  }

  /** The service's name in texts, {@code scheduler} or {@code dashboard}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

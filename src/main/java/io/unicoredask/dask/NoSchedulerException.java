package io.unicoredask.dask;

import java.io.IOException;
import java.net.InetSocketAddress;

/** There is no Dask scheduler at the address that was probed, or none that answers in time. */
public class NoSchedulerException extends IOException {

  private static final long serialVersionUID = 1L;

  NoSchedulerException(InetSocketAddress address, String reason, Throwable cause) {
    super("no Dask scheduler answers at %s: %s".formatted(address, reason), cause);
  }
}

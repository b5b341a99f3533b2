package io.unicoredask;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;

/** A local port of this machine that leads to a Dask scheduler. */
public final class SchedulerPort {

  private static final int PATIENCE_MILLIS = 2000;

  private SchedulerPort() {}

  /** That of an address such as {@code tcp://127.0.0.1:8786}. */
  public static int of(String schedulerAddress) {
    return URI.create(schedulerAddress).getPort();
  }

  /** Whether a scheduler speaks there, which it does first. */
  public static boolean greets(int port) {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      return socket.getInputStream().read() >= 0;
    } catch (IOException e) {
      return false;
    }
  }
}

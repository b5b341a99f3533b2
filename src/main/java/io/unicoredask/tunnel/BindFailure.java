package io.unicoredask.tunnel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;

/**
 * Why a local port could not be listened on. The system's own words for that are in the language of
 * this machine, so that it is tried instead.
 */
final class BindFailure {

  private static final int FIRST_UNPRIVILEGED = 1024;
  private static final int PATIENCE_MILLIS = 1000;

  private BindFailure() {}

  /**
   * What is to be thrown.
   *
   * @param port the port that could not be listened on; 0 if any would have done
   * @param owner what of our own listens there; nothing if nothing of ours does
   * @return a {@link PortInUseException} if another port would do, else an {@link
   *     UncheckedIOException}
   */
  static RuntimeException of(LocalHost host, int port, Optional<String> owner, Throwable cause) {
    if (port == 0 || !canListen(host)) {
      return new UncheckedIOException(
          "cannot listen on %s: %s; use an address of this machine"
              .formatted(Forwarding.hostAndPort(host.bindAddress(), port), cause.getMessage()),
          cause instanceof IOException io ? io : new IOException(cause));
    }
    boolean privileged = port < FIRST_UNPRIVILEGED && owner.isEmpty() && !answers(host, port);
    return new PortInUseException(
        port,
        privileged
            ? "may not be listened on by this process, as those below " + FIRST_UNPRIVILEGED
            : "is in use by " + owner.orElse("another process"),
        cause);
  }

  static boolean canListen(LocalHost host) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(host.bindAddress(), 0));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean answers(LocalHost host, int port) {
    try (Socket probe = new Socket()) {
      probe.connect(new InetSocketAddress(host.ownHost(), port), PATIENCE_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}

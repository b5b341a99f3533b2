package io.unicoredask.tunnel;

/** The local port that a tunnel should listen on is not to be had. */
public class PortInUseException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int port;

  /**
   * @param port the port
   * @param why what is the matter with it, such as {@code is in use by another process}
   * @param cause the bind error
   */
  public PortInUseException(int port, String why, Throwable cause) {
    super("local port %d %s".formatted(port, why), cause);
    this.port = port;
  }

  /** The port that is not to be had. */
  public int port() {
    return port;
  }
}

package io.unicoredask.tunnel;

/** The local port that a tunnel should listen on is taken. */
public class PortInUseException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int port;

  /**
   * @param port the port
   * @param owner who has it, as far as known
   * @param cause the bind error
   */
  public PortInUseException(int port, String owner, Throwable cause) {
    super("local port %d is in use by %s".formatted(port, owner), cause);
    this.port = port;
  }

  /** The port that is taken. */
  public int port() {
    return port;
  }
}

package io.unicoredask.camunda;

/** The engine does not start with the plugin. The message says why, and what to do. */
public final class StartRefusedException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message for who starts the engine
   */
  public StartRefusedException(String message) {
    super(message);
  }

  /**
   * @param message for who starts the engine
   * @param cause what went wrong
   */
  public StartRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}

package io.unicoredask.relay;

/** The agent in a scheduler did not do what it was asked. Asking again may help. */
public final class AgentException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  AgentException(String message, Throwable cause) {
    super(message, cause);
  }
}

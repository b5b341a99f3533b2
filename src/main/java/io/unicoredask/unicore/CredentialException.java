package io.unicoredask.unicore;

/**
 * A credential cannot be had. The message says which one it is, why, and what can be done; never
 * what a secret is. It has no cause, whose message might.
 */
public class CredentialException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  private final boolean retryable;

  /** Somebody has to do something about it. */
  CredentialException(String message) {
    this(message, false);
  }

  private CredentialException(String message, boolean retryable) {
    super(message);
    this.retryable = retryable;
  }

  /** It may be had later without anybody changing anything here. */
  static CredentialException passing(String message) {
    return new CredentialException(message, true);
  }

  /** Whether it may be had later without anybody changing anything here. */
  public boolean isRetryable() {
    return retryable;
  }
}

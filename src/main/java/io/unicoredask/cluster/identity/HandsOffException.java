package io.unicoredask.cluster.identity;

/** The engine may not act at a site, now or until somebody says that it may. */
public class HandsOffException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean retryable;

  /**
   * @param message cause and remedy, then the site
   * @param retryable whether it may be over without anybody doing anything
   */
  public HandsOffException(String message, boolean retryable) {
    super(message);
    this.retryable = retryable;
  }

  /** Whether it may be over without anybody doing anything. */
  public boolean isRetryable() {
    return retryable;
  }
}

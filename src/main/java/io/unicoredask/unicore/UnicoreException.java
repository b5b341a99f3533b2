package io.unicoredask.unicore;

import java.net.URI;

/**
 * A call to a UNICORE site that did not succeed. The message says site, call, cause and remedy; it
 * never holds a credential.
 */
public class UnicoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String site;
  private final int status;
  private final boolean retryable;

  /**
   * @param site the site's name in the configuration
   * @param method the HTTP method
   * @param url what was asked for
   * @param status the HTTP status; 0 if there was no answer
   * @param retryable whether the same call may succeed later
   * @param reason what the site said or what went wrong, and what can be done about it
   * @param cause the error below; may be null
   */
  public UnicoreException(
      String site,
      String method,
      URI url,
      int status,
      boolean retryable,
      String reason,
      Throwable cause) {
    super(
        "site '%s', %s %s: %s%s"
            .formatted(site, method, url, status == 0 ? "" : "HTTP " + status + ", ", reason),
        cause);
    this.site = site;
    this.status = status;
    this.retryable = retryable;
  }

  /** One that says all of that in its own order. */
  UnicoreException(String message, String site, int status, boolean retryable, Throwable cause) {
    super(message, cause);
    this.site = site;
    this.status = status;
    this.retryable = retryable;
  }

  /** The site's name in the configuration. */
  public String site() {
    return site;
  }

  /** The HTTP status, 0 if there was no answer. */
  public int status() {
    return status;
  }

  /** Whether the same call may succeed later without anybody changing anything here. */
  public boolean isRetryable() {
    return retryable;
  }
}

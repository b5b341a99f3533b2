package io.unicoredask.unicore;

import java.net.URI;

/**
 * A call to a UNICORE site that did not succeed. The message says site, call, cause and remedy; it
 * never holds a credential.
 */
public class UnicoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String explanation;
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
    this(site, method, url, status, retryable, reason, reason, cause);
  }

  /**
   * One whose reason is long.
   *
   * @param briefly the reason with what can be done about it before what the site said
   */
  UnicoreException(
      String site,
      String method,
      URI url,
      int status,
      boolean retryable,
      String reason,
      String briefly,
      Throwable cause) {
    this(
        "site '%s', %s %s: %s%s"
            .formatted(site, method, url, status == 0 ? "" : "HTTP " + status + ", ", reason),
        "%s (site '%s', %s %s%s)"
            .formatted(briefly, site, method, url, status == 0 ? "" : ": HTTP " + status),
        site,
        status,
        retryable,
        cause);
  }

  /** One that says all of that in its own order. */
  UnicoreException(String message, String site, int status, boolean retryable, Throwable cause) {
    this(message, message, site, status, retryable, cause);
  }

  private UnicoreException(
      String message,
      String explanation,
      String site,
      int status,
      boolean retryable,
      Throwable cause) {
    super(message, cause);
    this.explanation = explanation;
    this.site = site;
    this.status = status;
    this.retryable = retryable;
  }

  /**
   * The same as the message, but cause and remedy come first: for what is shown by its beginning.
   */
  public String explanation() {
    return explanation;
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

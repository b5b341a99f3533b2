package io.unicoredask.unicore;

/**
 * The credential that somebody has of their own cannot be had, or is refused. The message begins
 * with whose it is and what can be done.
 */
public final class UserCredentialException extends UnicoreException {

  private static final long serialVersionUID = 1L;

  /**
   * @param site the site's name in the configuration
   * @param user whose credential it is
   * @param call the HTTP method and what was asked for
   * @param status the HTTP status; 0 if there was no answer
   * @param retryable whether the same call may succeed later without anybody doing anything
   * @param reason what is wrong and what can be done about it; no secret
   */
  public UserCredentialException(
      String site, String user, String call, int status, boolean retryable, String reason) {
    super(
        "The credential of user '%s' for site '%s': %s. Nothing is lost, and all goes on by itself when it is right again (%s%s)"
            .formatted(user, site, reason, call, status == 0 ? "" : " was answered HTTP " + status),
        site,
        status,
        retryable,
        null);
  }
}

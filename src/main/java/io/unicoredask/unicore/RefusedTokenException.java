package io.unicoredask.unicore;

/** A token that does not come from the site, is not for us, or is no longer valid. */
public final class RefusedTokenException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param reason why; nothing of the token is in it that the site has not signed
   */
  RefusedTokenException(String reason) {
    super(reason);
  }
}

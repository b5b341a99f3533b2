package io.unicoredask.unicore;

/**
 * Proves to a site who we are. An implementation resolves its secret at every call, so that a
 * password changed on disk or a token renewed elsewhere is used from then on, and shows it nowhere
 * else: not in {@code toString}, not in an exception.
 */
@FunctionalInterface
public interface Credential {

  /**
   * The value of the {@code Authorization} header, scheme included. May wait for somebody who
   * issues it, for as long as a request to a site may take.
   *
   * @throws CredentialException if the secret cannot be had; the message says where it was looked
   *     for
   */
  String authorization();

  /**
   * What it is now, as far as can be seen here without asking anybody: equal to what it was before
   * as long as nobody has changed it. It may be the secret itself; never log it.
   *
   * @throws CredentialException if it cannot be had, as {@link #authorization} would
   */
  default Object state() {
    return authorization();
  }

  /** What there is to check if a site refuses it, as a part of a sentence; never the secret. */
  default String hint() {
    return "the credential";
  }

  /**
   * Called when a site has refused what {@link #authorization} gave.
   *
   * @return whether the next call gives something else that may be taken
   */
  default boolean renew() {
    return false;
  }
}

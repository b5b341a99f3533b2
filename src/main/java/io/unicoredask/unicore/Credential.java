package io.unicoredask.unicore;

/**
 * Proves to a site who we are. An implementation resolves its secret at every call, so that a
 * password changed on disk or a token renewed elsewhere is used from then on, and shows it nowhere
 * else: not in {@code toString}, not in an exception.
 */
@FunctionalInterface
public interface Credential {

  /**
   * The value of the {@code Authorization} header, scheme included.
   *
   * @throws IllegalStateException if the secret cannot be had; the message says where it was looked
   *     for
   */
  String authorization();
}

package io.unicoredask.unicore;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.function.Supplier;

/** A user name and a password, sent as HTTP Basic authentication in UTF-8. */
public final class UsernamePassword implements Credential {

  private final String user;
  private final Supplier<String> password;
  private final String where;

  private UsernamePassword(String user, Supplier<String> password, String where) {
    if (user.isEmpty() || user.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "the user '" + user + "' is empty or holds a colon, which HTTP Basic cannot carry");
    }
    this.user = user;
    this.password = password;
    this.where = where;
  }

  /** A user whose password is known here, as in tests and demonstrations. */
  public static UsernamePassword of(String user, String password) {
    return new UsernamePassword(user, () -> password, "the password");
  }

  /**
   * A user whose password is in a file. The file is read at every call, so that a changed password
   * is used from then on; newlines at its end, and a byte order mark at its beginning, do not
   * belong to the password.
   *
   * @param file a UTF-8 text file; if it is missing, unreadable or empty, {@link #authorization()}
   *     throws
   */
  public static UsernamePassword fromFile(String user, Path file) {
    SecretFile password = new SecretFile("password", file);
    return new UsernamePassword(user, password::read, password.toString());
  }

  @Override
  public String authorization() {
    byte[] pair = (user + ':' + password.get()).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  @Override
  public String hint() {
    return "the user '%s' and %s".formatted(user, where);
  }

  /** The user; never the password. */
  @Override
  public String toString() {
    return "UsernamePassword[user=" + user + "]";
  }
}

package io.unicoredask.localsite;

/**
 * Who asks.
 *
 * @param user the user's name, or {@code null} for somebody unknown, whom UNICORE calls anonymous
 * @param method how the caller authenticated, in UNICORE's words, or {@code null}
 * @param mayRenew whether the caller may be given a token
 */
record Caller(String user, String method, boolean mayRenew) {
  static final Caller ANONYMOUS = new Caller(null, null, true);

  boolean isAnonymous() {
    return user == null;
  }

  /** The distinguished name, without blanks, as owners are written. */
  String dn() {
    return isAnonymous() ? "CN=ANONYMOUS,O=UNKNOWN,OU=UNKNOWN" : dn(user);
  }

  /** The distinguished name as the client's is written. */
  String spacedDn() {
    return isAnonymous() ? dn() : dn().replace(",", ", ");
  }

  static String dn(String user) {
    return "CN=" + user + ",O=UNICORE,C=EU";
  }
}

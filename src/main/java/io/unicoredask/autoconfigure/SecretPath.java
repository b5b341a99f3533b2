package io.unicoredask.autoconfigure;

import java.net.URI;
import java.util.regex.Pattern;

/** Where a secret may be sent to. */
class SecretPath {

  private static final Pattern THIS_MACHINE =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]", Pattern.CASE_INSENSITIVE);

  private SecretPath() {}

  /** Whether nobody on the way can read what is sent: https, or http to this very machine. */
  static boolean isSafe(URI url) {
    return "https".equalsIgnoreCase(url.getScheme())
        || "http".equalsIgnoreCase(url.getScheme())
            && url.getHost() != null
            && THIS_MACHINE.matcher(url.getHost()).matches();
  }
}

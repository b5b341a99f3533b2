package io.unicoredask.cluster.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;

/**
 * Who this engine is.
 *
 * @param installation the engine's own part of the ids of its clusters; a copy of its database has
 *     the same
 * @param fingerprint what tells where the engine runs from where a copy does; see {@link
 *     #fingerprint}
 * @param probation how long an engine that runs elsewhere than before does nothing, so that the one
 *     that it may be a copy of can object
 * @param takeOver whether its operator says that it is the one that the record belongs to
 */
public record Identity(
    String installation, String fingerprint, Duration probation, boolean takeOver) {

  private static final int BYTES = 8;

  /**
   * Made of where an engine runs and where its database is, neither of which can be read from it.
   *
   * @param host the machine's name, or one that the nodes of an engine share
   * @param database the database's JDBC URL
   */
  public static String fingerprint(String host, String database) {
    String url = database.replaceAll("(?i)(password|pwd)=[^;&]*", "");
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((host + "\n" + url).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}

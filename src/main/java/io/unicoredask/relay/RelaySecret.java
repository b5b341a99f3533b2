package io.unicoredask.relay;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What a relay and its clients know, and prove to each other without sending it: 32 bytes. */
public final class RelaySecret {

  static final int LENGTH = 32;

  private static final String ALGORITHM = "HmacSHA256";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte[] bytes;

  private RelaySecret(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A new secret; make one for each cluster. */
  public static RelaySecret random() {
    return new RelaySecret(nonce());
  }

  /**
   * A secret that was written down.
   *
   * @param hex 64 hexadecimal digits, surrounding blanks allowed
   * @throws IllegalArgumentException if it is something else; the text does not quote it
   */
  public static RelaySecret ofHex(String hex) {
    byte[] bytes;
    try {
      bytes = HexFormat.of().parseHex(hex.strip());
    } catch (IllegalArgumentException e) {
      bytes = new byte[0]; // the cause would quote it
    }
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException("a relay's secret must be 64 hexadecimal digits");
    }
    return new RelaySecret(bytes);
  }

  /** The secret itself, as 64 hexadecimal digits: the content of the relay's secret file. */
  public String toHex() {
    return HexFormat.of().formatHex(bytes);
  }

  static byte[] nonce() {
    byte[] nonce = new byte[LENGTH];
    RANDOM.nextBytes(nonce);
    return nonce;
  }

  /** Proves that who knows these nonces knows the secret. */
  byte[] prove(String who, byte[] clientNonce, byte[] relayNonce) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(bytes, ALGORITHM));
      mac.update(who.getBytes(StandardCharsets.US_ASCII));
      mac.update(clientNonce);
      return mac.doFinal(relayNonce);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RelaySecret secret && MessageDigest.isEqual(bytes, secret.bytes);
  }

  @Override
  public int hashCode() {
    return bytes[0];
  }

  /** Says nothing of the secret. */
  @Override
  public String toString() {
    return "RelaySecret[hidden]";
  }
}

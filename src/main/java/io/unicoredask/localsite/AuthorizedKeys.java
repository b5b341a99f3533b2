package io.unicoredask.localsite;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The public keys in a user's {@code ~/.ssh/authorized_keys}. */
final class AuthorizedKeys {
  private AuthorizedKeys() {}

  /** Those that can be read; none if there is no such file. */
  static List<PublicKey> in(Path file) throws IOException {
    List<PublicKey> keys = new ArrayList<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        for (String word : line.trim().split("\\s+")) {
          addIfKey(word, keys);
        }
      }
    }
    return keys;
  }

  private static void addIfKey(String word, List<PublicKey> keys) {
    try {
      keys.add(key(ByteBuffer.wrap(Base64.getDecoder().decode(word))));
    } catch (GeneralSecurityException | IllegalArgumentException | BufferUnderflowException e) {
      // an option, the algorithm's name, or a comment
    }
  }

  private static PublicKey key(ByteBuffer blob) throws GeneralSecurityException {
    String kind = new String(part(blob), StandardCharsets.US_ASCII);
    if (kind.equals("ssh-rsa")) {
      BigInteger exponent = new BigInteger(part(blob));
      return KeyFactory.getInstance("RSA")
          .generatePublic(new RSAPublicKeySpec(new BigInteger(part(blob)), exponent));
    }
    if (kind.equals("ssh-ed25519")) {
      return ed25519(part(blob));
    }
    if (kind.startsWith("ecdsa-sha2-nistp")) {
      part(blob); // the curve's name once more
      return ec(kind.replace("ecdsa-sha2-nistp", "secp") + "r1", part(blob));
    }
    throw new IllegalArgumentException(kind);
  }

  private static PublicKey ec(String curve, byte[] point) throws GeneralSecurityException {
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec(curve));
    int length = (point.length - 1) / 2; // behind a byte that says "not compressed"
    ECPoint both =
        new ECPoint(
            new BigInteger(1, point, 1, length), new BigInteger(1, point, 1 + length, length));
    return KeyFactory.getInstance("EC")
        .generatePublic(
            new ECPublicKeySpec(both, parameters.getParameterSpec(ECParameterSpec.class)));
  }

  /** The number comes with its last byte first, and the sign of the other in the highest bit. */
  private static PublicKey ed25519(byte[] point) throws GeneralSecurityException {
    byte[] number = new byte[point.length];
    for (int i = 0; i < point.length; i++) {
      number[i] = point[point.length - 1 - i];
    }
    boolean odd = number[0] < 0;
    number[0] &= 0x7F;
    return KeyFactory.getInstance("Ed25519")
        .generatePublic(
            new EdECPublicKeySpec(
                NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, number))));
  }

  private static byte[] part(ByteBuffer buffer) {
    int length = buffer.getInt();
    if (length < 0 || length > buffer.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] part = new byte[length];
    buffer.get(part);
    return part;
  }
}

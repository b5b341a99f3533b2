package io.unicoredask.unicore;

import com.jcraft.jsch.KeyPair;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Set;

/** Signs tokens with a key as ssh has them, which says its signatures in ssh's words. */
final class SshSigner implements JWSSigner {

  static final int SHORTEST_RSA = 2048;

  private final KeyPair key;
  private final JWSAlgorithm algorithm;

  /**
   * @throws IllegalArgumentException if no token can be signed with such a key; the message says
   *     why, as the end of a sentence that the key begins
   */
  SshSigner(KeyPair key) {
    this.key = key;
    this.algorithm = algorithm(key);
  }

  private static JWSAlgorithm algorithm(KeyPair key) {
    int bits = key.getKeySize();
    return switch (key.getKeyType()) {
      case KeyPair.RSA -> {
        if (bits < SHORTEST_RSA) {
          throw new IllegalArgumentException(
              "is an RSA key of %d bits, and sites take none below %d"
                  .formatted(bits, SHORTEST_RSA));
        }
        yield JWSAlgorithm.RS256;
      }
      case KeyPair.ECDSA ->
          switch (bits) {
            case 384 -> JWSAlgorithm.ES384;
            case 521 -> JWSAlgorithm.ES512;
            default -> JWSAlgorithm.ES256;
          };
      case KeyPair.ED25519 -> JWSAlgorithm.EdDSA;
      default ->
          throw new IllegalArgumentException("is of another kind than RSA, EC (NIST) and Ed25519");
    };
  }

  /** The one that the key is for. */
  JWSAlgorithm algorithm() {
    return algorithm;
  }

  @Override
  public Base64URL sign(JWSHeader header, byte[] input) throws JOSEException {
    ByteBuffer signed =
        ByteBuffer.wrap(
            key.getKeyType() == KeyPair.RSA
                ? key.getSignature(input, "rsa-sha2-256")
                : key.getSignature(input));
    part(signed); // the algorithm's name
    byte[] signature = part(signed);
    return Base64URL.encode(
        key.getKeyType() == KeyPair.ECDSA ? concatenated(ByteBuffer.wrap(signature)) : signature);
  }

  /** Both numbers in as many bytes as the curve's. */
  private byte[] concatenated(ByteBuffer numbers) {
    int length = (key.getKeySize() + 7) / 8;
    byte[] both = new byte[2 * length];
    for (int end = length; end <= both.length; end += length) {
      byte[] number = new BigInteger(1, part(numbers)).toByteArray();
      int count = Math.min(number.length, length); // without the byte for the sign
      System.arraycopy(number, number.length - count, both, end - count, count);
    }
    return both;
  }

  private static byte[] part(ByteBuffer buffer) {
    byte[] part = new byte[buffer.getInt()];
    buffer.get(part);
    return part;
  }

  @Override
  public Set<JWSAlgorithm> supportedJWSAlgorithms() {
    return Set.of(algorithm);
  }

  @Override
  public JCAContext getJCAContext() {
    return new JCAContext();
  }
}

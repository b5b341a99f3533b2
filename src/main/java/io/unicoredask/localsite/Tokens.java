package io.unicoredask.localsite;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** JSON web tokens that the site signs and accepts itself. */
final class Tokens {
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final String HEADER = encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");

  private final byte[] key = new byte[32];
  private final String issuer;

  Tokens(String issuer) {
    this.issuer = issuer;
    new SecureRandom().nextBytes(key);
  }

  String issue(Caller caller, long lifetimeSeconds, boolean renewable, boolean limited) {
    long now = Instant.now().getEpochSecond();
    ObjectNode claims =
        Json.object()
            .put("iss", issuer)
            .put("sub", caller.dn())
            .put("etd", "true")
            .put("iat", now)
            .put("exp", now + lifetimeSeconds);
    if (renewable) {
      claims.put("renewable", "true");
    }
    if (limited) {
      claims.put("aud", issuer);
    }
    if (!caller.isAnonymous()) {
      claims.put("uid", caller.user());
    }
    String content = HEADER + "." + encode(claims.toString());
    return content + "." + ENCODER.encodeToString(sign(content));
  }

  /**
   * Whose token it is: anonymous if the site did not sign it.
   *
   * @throws HttpProblem 403 if it has expired
   */
  Caller caller(String token) {
    int dot = token.lastIndexOf('.');
    if (dot < 0 || !signatureFits(token.substring(0, dot), token.substring(dot + 1))) {
      return Caller.ANONYMOUS;
    }
    byte[] claims = Base64.getUrlDecoder().decode(token.substring(token.indexOf('.') + 1, dot));
    ObjectNode parsed = Json.parse(claims, "Could not read token");
    if (parsed.get("exp").asLong() <= Instant.now().getEpochSecond()) {
      throw new HttpProblem(Answer.empty(403).outsideSession());
    }
    return parsed.has("uid")
        ? new Caller(parsed.get("uid").asText(), "ETD", parsed.has("renewable"))
        : Caller.ANONYMOUS;
  }

  private boolean signatureFits(String content, String signature) {
    try {
      return MessageDigest.isEqual(sign(content), Base64.getUrlDecoder().decode(signature));
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  private byte[] sign(String content) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(content.getBytes(StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Local site: the Java runtime lacks HmacSHA256", e);
    }
  }

  private static String encode(String json) {
    return ENCODER.encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }
}

package io.unicoredask.unicore;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import feign.Response;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Why a request failed, in the words of whoever answered it, as short plain text.
 *
 * @param text empty if nothing was said
 * @param saidBy who it was
 */
record Reason(String text, By saidBy) {

  enum By {
    /** UNICORE/X, which says {@code errorMessage}, or nothing at all. */
    SITE,
    /** The Gateway, a servlet container or a proxy before it. */
    GATEWAY
  }

  private static final int MAX_LENGTH = 300;
  private static final int MAX_READ = 64 * 1024;
  private static final ObjectMapper JSON = new ObjectMapper();

  static Reason of(Response answer) {
    String body = body(answer).strip();
    try {
      JsonNode json = JSON.readTree(body);
      if (json.hasNonNull("errorMessage")) {
        return new Reason(shorten(json.get("errorMessage").asText()), By.SITE);
      }
      if (json.hasNonNull("message")) {
        return new Reason(shorten(json.get("message").asText()), By.GATEWAY);
      }
    } catch (JsonProcessingException e) {
      // not JSON
    }
    return body.isEmpty()
        ? new Reason("", By.SITE)
        : new Reason(shorten(withoutMarkup(body)), By.GATEWAY);
  }

  private static String body(Response answer) {
    if (answer.body() == null) {
      return "";
    }
    try (InputStream body = answer.body().asInputStream()) {
      return new String(body.readNBytes(MAX_READ), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  private static String withoutMarkup(String html) {
    return html.replaceAll("(?is)<(head|script|style)\\b.*?(</\\1\\s*>|$)", " ")
        .replaceAll("(?s)<[^>]*(>|$)", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
  }

  private static String shorten(String text) {
    String plain = PlainText.line(text).replaceAll("\\s+", " ").strip();
    return plain.length() <= MAX_LENGTH
        ? plain
        : PlainText.line(plain.substring(0, MAX_LENGTH - 1)) + "…";
  }
}

package io.unicoredask.cluster.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * Reads JSON as people give it, and refuses what would be lost without a word: something behind it,
 * a key that is there twice, a number that is none.
 */
final class GivenJson {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private GivenJson() {}

  /**
   * Reads it.
   *
   * @param value JSON as text, or maps, lists and simple values
   * @throws JsonProcessingException if a text is not JSON; {@link #where} says what is wrong
   * @throws IllegalArgumentException if another value is nothing that JSON has
   */
  static JsonNode of(Object value) throws JsonProcessingException {
    JsonNode node =
        value instanceof String text ? JSON.readTree(text) : JSON.<JsonNode>valueToTree(value);
    if (hasWildNumber(node)) {
      throw MismatchedInputException.from(null, JsonNode.class, "a number beyond all bounds");
    }
    return node;
  }

  private static boolean hasWildNumber(JsonNode node) {
    if (node.isFloatingPointNumber()) {
      return !Double.isFinite(node.doubleValue());
    }
    for (JsonNode inner : node) {
      if (hasWildNumber(inner)) {
        return true;
      }
    }
    return false;
  }

  /** What is wrong with a text, and where. */
  static String where(JsonProcessingException e) {
    // Jackson tells at length that it does not show the source
    String message = e.getOriginalMessage().replaceAll("\\[Source: [^;]*; ", "[");
    return e.getLocation() == null
        ? message
        : "%s at line %d, column %d"
            .formatted(message, e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }
}

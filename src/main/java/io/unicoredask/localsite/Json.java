package io.unicoredask.localsite;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** JSON as UNICORE reads and writes it. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssZ", Locale.US)
          .withZone(ZoneId.systemDefault());

  private Json() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static ArrayNode array(Collection<String> texts) {
    ArrayNode array = MAPPER.createArrayNode();
    texts.forEach(array::add);
    return array;
  }

  static ObjectNode link(String href) {
    return object().put("href", href);
  }

  static ObjectNode link(String description, String href) {
    return object().put("description", description).put("href", href);
  }

  static String time(Instant time) {
    return ISO.format(time);
  }

  static byte[] bytes(JsonNode node) {
    return node.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads an object.
   *
   * @param doing what fails if the text is not a JSON object, for the answer's error message
   */
  static ObjectNode parse(byte[] body, String doing) {
    try {
      if (MAPPER.readTree(body) instanceof ObjectNode object) {
        return object;
      }
      throw HttpProblem.serverError(
          doing + ": org.json.JSONException: A JSONObject text must begin with '{' at 1");
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw HttpProblem.serverError(
          "%s: org.json.JSONException: %s at %d [character %d line %d]"
              .formatted(
                  doing,
                  e.getOriginalMessage(),
                  at.getByteOffset(),
                  at.getColumnNr(),
                  at.getLineNr()));
    } catch (java.io.IOException e) {
      throw HttpProblem.serverError(doing + ": " + e);
    }
  }

  /** Keeps the fields that {@code ?fields=a,b} names, or leaves out those written {@code !a}. */
  static ObjectNode select(ObjectNode all, String fields) {
    if (fields == null || fields.isBlank()) {
      return all;
    }
    List<String> wanted = new ArrayList<>();
    for (String field : fields.split("[ +,]")) {
      if (field.startsWith("!")) {
        all.remove(field.substring(1));
      } else {
        wanted.add(field);
      }
    }
    return wanted.isEmpty() ? all : all.retain(wanted);
  }

  /** The texts of an array; empty if there is none. */
  static List<String> texts(JsonNode node) {
    List<String> texts = new ArrayList<>();
    if (node != null && node.isArray()) {
      node.forEach(element -> texts.add(text(element)));
    }
    return texts;
  }

  /** An object as a map, or a list of {@code NAME=value}. */
  static Map<String, String> map(JsonNode node) {
    Map<String, String> map = new LinkedHashMap<>();
    if (node == null) {
      return map;
    }
    if (node.isArray()) {
      for (String entry : texts(node)) {
        String[] parts = entry.split("=", 2);
        map.put(parts[0].trim(), parts.length > 1 ? parts[1].trim() : "");
      }
    } else {
      node.fields().forEachRemaining(field -> map.put(field.getKey(), text(field.getValue())));
    }
    return map;
  }

  /** A text, or the lines of an array; {@code null} if there is none. */
  static String lines(JsonNode node) {
    if (node == null || node.isNull()) {
      return null;
    }
    return node.isArray() ? String.join("\n", texts(node)) + "\n" : text(node);
  }

  /** A field as text, whatever its type; {@code null} if it is absent. */
  static String text(JsonNode node, String field) {
    JsonNode value = node.get(field);
    return value == null || value.isNull() ? null : text(value);
  }

  static String text(JsonNode value) {
    return value.isValueNode() ? value.asText() : value.toString();
  }
}

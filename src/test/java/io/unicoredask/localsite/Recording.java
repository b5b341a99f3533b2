package io.unicoredask.localsite;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;

/** Answers of a real server: request lines begin with {@code >}, header lines with {@code <}. */
record Recording(int status, JsonNode body) {
  static Recording of(String name) {
    try (InputStream file = Recording.class.getResourceAsStream("/localsite/" + name + ".http")) {
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      String status = text.lines().filter(l -> l.startsWith("< HTTP")).findFirst().orElseThrow();
      int bodyStart = text.indexOf("\n<\n") + 3;
      return new Recording(
          Integer.parseInt(status.split(" ")[2]),
          SiteClient.read(text.substring(bodyStart).getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The paths of all keys, such as {@code client.role.selected}. */
  static Set<String> keys(JsonNode node) {
    Set<String> keys = new TreeSet<>();
    collect("", node, keys);
    return keys;
  }

  private static void collect(String prefix, JsonNode node, Set<String> keys) {
    node.fields()
        .forEachRemaining(
            field -> {
              keys.add(prefix + field.getKey());
              collect(prefix + field.getKey() + ".", field.getValue(), keys);
            });
  }
}

package io.unicoredask.localsite;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer.
 *
 * @param inSession whether it carries the security session's headers; answers given before UNICORE
 *     knows who asks do not
 * @param body the content, unless there is a file
 * @param file the part of a file to send, or {@code null}
 */
record Answer(
    int status, Map<String, String> headers, byte[] body, FilePart file, boolean inSession) {

  /** Bytes of a file. */
  record FilePart(Path path, long offset, long length) {}

  private static final byte[] NOTHING = {};

  static Answer json(JsonNode node) {
    return of(200, "application/json", Json.bytes(node));
  }

  static Answer text(String type, String text) {
    return of(200, type, text.getBytes(StandardCharsets.UTF_8));
  }

  static Answer empty(int status) {
    return new Answer(status, Map.of(), NOTHING, null, true);
  }

  static Answer created(String location) {
    return empty(201).with("Location", location);
  }

  static Answer error(int status, String message) {
    return of(
        status,
        "application/json",
        Json.bytes(Json.object().put("errorMessage", message).put("status", status)));
  }

  static Answer file(int status, FilePart part) {
    return new Answer(
        status, Map.of("Content-Type", "application/octet-stream"), NOTHING, part, true);
  }

  static Answer of(int status, String type, byte[] body) {
    return new Answer(status, Map.of("Content-Type", type), body, null, true);
  }

  Answer with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Answer(status, more, body, file, inSession);
  }

  Answer outsideSession() {
    return new Answer(status, headers, body, file, false);
  }

  long length() {
    return file == null ? body.length : file.length();
  }
}

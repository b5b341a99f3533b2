package io.unicoredask.relay;

import com.fasterxml.jackson.databind.JsonNode;
import io.unicoredask.relay.AgentReport.Worker;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** What an agent has said so far. A greeting begins it anew. */
final class AgentAccount {

  /** What a connection is trusted with; a scheduler of Dask has some thousands. */
  static final int MOST_WORKERS = 100_000;

  private static final int LONGEST_TEXT = 256;

  private final Map<String, String> workers = new LinkedHashMap<>();
  private boolean greeted;
  private boolean complete;
  private boolean busy;
  private Integer wanted;
  private URI dashboard;
  private String closing;
  private String failed;

  /**
   * Notes what a line says.
   *
   * @throws IllegalArgumentException if it says what cannot be
   */
  synchronized void note(JsonNode line) {
    if (!line.isObject()) {
      throw new IllegalArgumentException("it says something that is no object");
    }
    if (line.has("agent")) {
      begin();
      dashboard = line.hasNonNull("dashboard") ? dashboard(line.path("dashboard").asText()) : null;
    }
    failed = line.has("failed") ? cut(line.path("failed").asText()) : failed;
    if (!greeted) {
      return;
    }
    line.path("came").fields().forEachRemaining(one -> came(one.getKey(), one.getValue()));
    line.path("left").forEach(address -> workers.remove(cut(address.asText())));
    busy = line.path("busy").asBoolean(busy);
    if (line.path("wanted").canConvertToInt()) {
      wanted = line.path("wanted").asInt();
    }
    closing = line.has("closing") ? cut(line.path("closing").asText()) : closing;
    complete |= line.has("complete");
  }

  private void begin() {
    workers.clear();
    greeted = true;
    complete = false;
    busy = false;
    wanted = null;
    closing = null;
    failed = null;
  }

  private static URI dashboard(String text) {
    URI uri = URI.create(cut(text));
    if (!Set.of("http", "https").contains(String.valueOf(uri.getScheme()))
        || uri.getPath() == null) {
      throw new IllegalArgumentException("its dashboard is nowhere: " + uri);
    }
    return uri;
  }

  private void came(String address, JsonNode name) {
    workers.put(cut(address), cut(name.asText(address)));
    if (workers.size() > MOST_WORKERS) {
      throw new IllegalArgumentException("it has more than " + MOST_WORKERS + " workers");
    }
  }

  private static String cut(String text) {
    return Session.clean(text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text);
  }

  synchronized Optional<String> failed() {
    return Optional.ofNullable(failed);
  }

  /** Nothing while not all has been said. */
  synchronized Optional<AgentReport> report() {
    return complete
        ? Optional.of(
            new AgentReport(
                workers.entrySet().stream()
                    .map(worker -> new Worker(worker.getValue(), worker.getKey()))
                    .toList(),
                busy,
                wanted == null ? OptionalInt.empty() : OptionalInt.of(wanted),
                Optional.ofNullable(dashboard),
                Optional.ofNullable(closing)))
        : Optional.empty();
  }
}

package io.unicoredask.cluster.identity;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which engine acts at a site: the content of its file there.
 *
 * @param generation how often it was claimed, from 1 on
 * @param token what only the engine knows that claimed it last, and copies made of it since
 * @param engines the fingerprints of those that have acted here, the newest last
 * @param released whether the one that acted last was shut down, so that nothing acts now
 * @param denied the tokens of engines that are not to act here
 * @param at when it was written, in milliseconds since 1970; for people
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Claim(
    long generation,
    String token,
    List<String> engines,
    boolean released,
    List<String> denied,
    long at) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int KEPT = 32;

  Claim {
    engines = engines == null ? List.of() : last(KEPT, engines.stream());
    denied = denied == null ? List.of() : last(KEPT, denied.stream());
  }

  static List<String> last(int count, Stream<String> values) {
    // An earlier one that comes again is a new one.
    Set<String> set = new LinkedHashSet<>();
    values.forEach(
        value -> {
          set.remove(value);
          set.add(value);
        });
    List<String> all = new ArrayList<>(set);
    return List.copyOf(all.subList(Math.max(0, all.size() - count), all.size()));
  }

  /** The file's name in the home directory. */
  static String file(String installation) {
    return ".camunda-unicore-dask-%s.json".formatted(installation);
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it is no claim, as while it is being written
   */
  static Claim read(byte[] file) throws IOException {
    Claim claim = JSON.readValue(file, Claim.class);
    if (claim == null || claim.token() == null) {
      throw new IOException("it has no token");
    }
    return claim;
  }

  byte[] toJson() {
    try {
      return JSON.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  boolean isOneOf(Set<String> tokens) {
    return tokens.contains(token);
  }

  boolean deniesOneOf(Set<String> tokens) {
    return denied.stream().anyMatch(tokens::contains);
  }

  Claim asReleased(long now) {
    return new Claim(generation, token, engines, true, denied, now);
  }

  /** That of an engine that acts, with others that may follow it. */
  Claim with(List<String> others) {
    List<String> all = Stream.concat(engines.stream(), others.stream()).toList();
    return new Claim(generation, token, all, false, denied, at);
  }
}

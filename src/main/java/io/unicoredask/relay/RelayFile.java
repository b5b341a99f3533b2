package io.unicoredask.relay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/**
 * What a relay writes when it listens: all of it at once, so that the file is never half-written.
 *
 * @param host the host it listens on, as seen from the site: a name, an IPv4 or an IPv6 address
 *     (without brackets)
 * @param port the port it listens on
 * @param hasAgent whether an agent in the scheduler speaks through it; those of earlier versions
 *     had none
 * @param hasLanes whether it takes a connection for each direction; those of earlier versions took
 *     one for both
 */
public record RelayFile(String host, int port, boolean hasAgent, boolean hasLanes) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads a relay's file.
   *
   * @param content the file's content
   * @throws IllegalArgumentException if it is something else, or of a relay that speaks another
   *     version of the protocol
   */
  public static RelayFile parse(byte[] content) {
    JsonNode file;
    try {
      file = JSON.readTree(content);
    } catch (IOException e) {
      throw new IllegalArgumentException("not a relay's file: it is no JSON", e);
    }
    String protocol = file.path("protocol").asText();
    if (!protocol.equals(Introduction.PROTOCOL)) {
      throw new IllegalArgumentException(
          "not a usable relay's file: its protocol is '%s', not '%s'"
              .formatted(protocol, Introduction.PROTOCOL));
    }
    String host = file.path("host").asText();
    int port = file.path("port").asInt();
    if (host.isEmpty() || port < 1 || port > 65535) {
      throw new IllegalArgumentException(
          "not a usable relay's file: host '%s', port %d".formatted(host, port));
    }
    return new RelayFile(
        host, port, file.path("agent").asInt() >= 1, file.path("lanes").asInt() >= 2);
  }
}

package io.unicoredask.relay;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a scheduler is, as its agent says.
 *
 * @param workers its workers, in the order in which they came
 * @param busy whether there is a task that is not done
 * @param wanted how many workers it would have; nothing if it was not asked to say so
 * @param dashboard scheme and path of its dashboard, such as {@code http:/status}; nothing if there
 *     is none
 * @param closing why it is about to end: {@code idle} or {@code closed}; nothing if it is not
 */
public record AgentReport(
    List<Worker> workers,
    boolean busy,
    OptionalInt wanted,
    Optional<URI> dashboard,
    Optional<String> closing) {

  /**
   * A worker.
   *
   * @param name the name that it was given, or its address
   * @param address where it listens, as seen from the site
   */
  public record Worker(String name, String address) {}
}

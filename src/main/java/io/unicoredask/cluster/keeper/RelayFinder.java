package io.unicoredask.cluster.keeper;

import io.unicoredask.relay.RelayFile;
import io.unicoredask.relay.RelayProgram;
import io.unicoredask.relay.RelaySecret;
import io.unicoredask.unicore.UnicoreSite;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the relay of a cluster: where it listens, and the secret, both of which are in its job's
 * directory. The secret is nowhere else.
 */
class RelayFinder {

  /**
   * @param file where it listens
   * @param secret what has to be proved to it
   */
  record Found(RelayFile file, RelaySecret secret) {}

  private static final Logger LOG = LoggerFactory.getLogger(RelayFinder.class);

  private RelayFinder() {}

  /** Nothing while it has not come up, or if its files are not what they should be. */
  static Optional<Found> of(Cluster cluster, UnicoreSite site) {
    SchedulerJob job = cluster.scheduler();
    Optional<byte[]> file = site.file(job.workingDirectory(), RelayProgram.RELAY_FILE);
    Optional<byte[]> secret = site.file(job.workingDirectory(), RelayProgram.SECRET_FILE);
    if (file.isEmpty() || secret.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Found(
              RelayFile.parse(file.get()),
              RelaySecret.ofHex(new String(secret.get(), StandardCharsets.UTF_8))));
    } catch (IllegalArgumentException e) {
      LOG.warn("Cluster {}: its relay cannot be used: {}", cluster.id(), e.getMessage());
      return Optional.empty();
    }
  }
}

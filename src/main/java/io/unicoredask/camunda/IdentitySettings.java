package io.unicoredask.camunda;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;

/**
 * How an engine is told from copies of it.
 *
 * @param host what stands for this machine; null or blank for its host name
 * @param probation how long an engine that runs elsewhere than before waits until it acts
 * @param takeOver whether this is the engine that is to act, whatever others have done
 */
public record IdentitySettings(String host, Duration probation, boolean takeOver) {

  /** Fills in the host's name. */
  public IdentitySettings {
    if (host == null || host.isBlank()) {
      host = hostName();
    }
    if (probation.isNegative()) {
      throw new IllegalArgumentException(
          "unicore-dask.identity.probation = %s; allowed are durations from zero"
              .formatted(probation));
    }
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}

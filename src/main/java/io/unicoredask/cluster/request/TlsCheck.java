package io.unicoredask.cluster.request;

import io.unicoredask.dask.ClusterCertificates;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds what keeps a cluster from having certificates, or would have it outlive them. */
final class TlsCheck {

  private TlsCheck() {}

  /**
   * What is wrong with asking for TLS in an application; nothing if it can have it.
   *
   * @param canBeMade whether there is what certificates are made with
   */
  static Optional<String> problem(boolean canBeMade) {
    return canBeMade
        ? Optional.empty()
        : Optional.of(
            "%s = tls is not allowed in this application, which has nothing to make certificates with;"
                    .formatted(ClusterVariable.SECURITY.variableName())
                + " allowed is none, or have its developers add the dependency "
                + ClusterCertificates.BOUNCY_CASTLE);
  }

  /** The time limits by which it would outlive the certificates that it has. */
  static List<TimeLimit> tooLong(ClusterRequest request, ClusterRequest before) {
    return request.longest().compareTo(before.longest()) <= 0
        ? List.of()
        : Stream.of(TimeLimit.values())
            .filter(clock -> request.clocks().get(clock).compareTo(before.clocks().get(clock)) > 0)
            .toList();
  }
}

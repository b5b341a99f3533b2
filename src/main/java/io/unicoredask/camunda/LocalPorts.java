package io.unicoredask.camunda;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.request.Reading;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;

/** The local ports that a cluster asks for, of which nobody else has one, or is to have it. */
class LocalPorts {

  static final String SCHEDULER = "localPort";
  static final String DASHBOARD = "localDashboardPort";

  private final DaskRuntime runtime;

  LocalPorts(DaskRuntime runtime) {
    this.runtime = runtime;
  }

  /** A sentence for each that is not to be had. */
  List<String> problems(Reading<ClusterRequest> reading) {
    Map<String, Integer> wanted = wanted(reading.value());
    wanted.keySet().removeAll(reading.refused());
    return wanted.entrySet().stream()
        .flatMap(port -> owner(port.getValue()).map(by -> inUse(port, by)).stream())
        .toList();
  }

  /** Without those that may be any. */
  private static Map<String, Integer> wanted(ClusterRequest request) {
    Map<String, Integer> wanted = new LinkedHashMap<>();
    wanted.put(SCHEDULER, request.localPort());
    if (request.connectDashboard()) {
      wanted.put(DASHBOARD, request.localDashboardPort());
    }
    wanted.values().removeIf(port -> port == 0);
    return wanted;
  }

  private Optional<String> owner(int port) {
    return runtime
        .tables()
        .ports()
        .ownerOf(port)
        .map(cluster -> "cluster " + cluster + " has this port")
        .or(() -> runtime.portProblem(port));
  }

  /**
   * Has a new cluster get them, and no other.
   *
   * @throws ClusterException with {@link ClusterError#DASK_PORT_IN_USE} if another one gets one at
   *     the same time
   */
  void reserve(String cluster, ClusterRequest request) {
    for (Map.Entry<String, Integer> port : wanted(request).entrySet()) {
      try {
        runtime.tables().ports().reserve(port.getValue(), cluster);
      } catch (DuplicateKeyException e) {
        throw new ClusterException(
            ClusterError.DASK_PORT_IN_USE,
            inUse(port, "another cluster that starts just now has this port"));
      }
    }
  }

  private static String inUse(Map.Entry<String, Integer> port, String reason) {
    return "%s = %d: %s; choose another, or 0 for any free one"
        .formatted(port.getKey(), port.getValue(), reason);
  }
}

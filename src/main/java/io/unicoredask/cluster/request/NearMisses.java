package io.unicoredask.cluster.request;

import static java.util.stream.Collectors.joining;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds variables that are meant to be a request's and would be passed over: those that differ in
 * case and underscores only, and the names of PyUNICORE's {@code UNICORECluster}.
 */
class NearMisses {

  private static final Map<String, String> OF_UNICORE_CLUSTER =
      Map.of(
          "submitter", "site",
          "n_workers", "workers",
          "scheduler_job_desc", "schedulerJob",
          "worker_job_desc", "workerJob");

  private NearMisses() {}

  static void refuse(Collection<String> names, List<String> allowed) {
    String problems =
        names.stream()
            .sorted()
            .flatMap(
                name ->
                    meant(name, allowed).stream()
                        .map(
                            right ->
                                "%s is no variable of a cluster; use %s".formatted(name, right)))
            .collect(joining("; "));
    if (!problems.isEmpty()) {
      throw new ClusterException(ClusterError.DASK_INVALID_REQUEST, problems);
    }
  }

  private static Optional<String> meant(String name, List<String> allowed) {
    if (allowed.contains(name)) {
      return Optional.empty();
    }
    return Optional.ofNullable(OF_UNICORE_CLUSTER.get(name))
        .or(
            () ->
                allowed.stream()
                    .filter(right -> right.equalsIgnoreCase(name.replace("_", "")))
                    .findAny());
  }
}

package io.unicoredask.camunda;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import java.util.Optional;
import java.util.function.Supplier;
import org.camunda.bpm.engine.ManagementService;

/** The id by which this engine's clusters are told from those of others at the same sites. */
class Installation {

  private static final int LENGTH = 8;

  /** Operaton's has its name in it, and the build sees to that: it is a text of its own. */
  private static final String PROPERTY = "camunda.installation.id";

  private static final String MISSING =
      "No Dask cluster is started, looked after or swept: the engine's database has no %s, by which"
          + " its jobs are told from those of other engines. The engine writes it when it starts"
          + " with its own schema management; see ManagementService.getProperties()";

  private final Supplier<ManagementService> engine;
  private volatile String known = "";

  /**
   * @param engine asked when first needed
   */
  Installation(Supplier<ManagementService> engine) {
    this.engine = engine;
  }

  /** Empty if it has none. Once there is one it stays; reading it is a command of the engine. */
  String id() {
    if (known.isEmpty()) {
      known = of(engine.get());
    }
    return known;
  }

  /** What tells an engine's clusters from those of other engines; empty if nothing does. */
  static String of(ManagementService engine) {
    String id = engine.getProperties().getOrDefault(PROPERTY, "");
    return id.substring(0, Math.min(LENGTH, id.length()));
  }

  /** Why the engine may act nowhere; nothing if it has an id. */
  Optional<String> missing() {
    return id().isEmpty() ? Optional.of(MISSING.formatted(PROPERTY)) : Optional.empty();
  }

  /**
   * Sees to it that there is one.
   *
   * @throws ClusterException if there is none
   */
  void require() {
    missing()
        .ifPresent(
            why -> {
              throw new ClusterException(ClusterError.DASK_INVALID_REQUEST, why);
            });
  }

  /**
   * Names a cluster among all whose jobs run at the site under our account: by its process
   * instance, whose ids are unique in one engine's database only, and that database's own id.
   */
  String clusterId(String processInstance) {
    return id() + "-" + processInstance;
  }
}

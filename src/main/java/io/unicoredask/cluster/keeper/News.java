package io.unicoredask.cluster.keeper;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What there is to tell people of a cluster: no variable that they have been told already. */
class News {

  /** What is being waited for, in a few words. */
  static final String PROGRESS = "clusterProgress";

  /** What a node that takes a cluster over cannot conclude people to know. */
  static final Set<String> NOT_OF_THE_RECORD_ALONE =
      Stream.concat(Stream.of(PROGRESS), Outputs.OF_THIS_NODE.stream())
          .collect(Collectors.toUnmodifiableSet());

  private final Map<String, Object> told = new HashMap<>();

  /** What was asked for last, since nothing changes from most looks to the next. */
  private Cluster cluster;

  private Map<String, Object> ofCluster = Map.of();

  /**
   * The variables that are other than what people have been told; a null value removes one.
   *
   * @param silent whether what is being waited for stays as it was said
   * @param host what this machine's ports are reached by, as it is written in URLs
   * @param resolve makes the absolute URL of one that is relative to the site
   */
  Map<String, Object> of(
      Decision decision, boolean silent, String host, UnaryOperator<URI> resolve) {
    if (!decision.cluster().equals(cluster)) {
      cluster = decision.cluster();
      ofCluster = Outputs.of(cluster, host, resolve);
    }
    Map<String, Object> outputs = new HashMap<>(ofCluster);
    if (!silent) {
      String note = decision.obstacle().map(Throwable::getMessage).orElse(decision.note());
      outputs.put(PROGRESS, note.isEmpty() ? null : note);
    }
    outputs.entrySet().removeIf(output -> isTold(output.getKey(), output.getValue()));
    outputs.putAll(decision.outputs());
    decision
        .scaleFailure()
        .ifPresent(
            failure -> {
              outputs.put("scaleErrorCode", failure.error().name());
              outputs.put("scaleErrorMessage", failure.message());
            });
    return outputs;
  }

  boolean isTold(String variable, Object value) {
    return told.containsKey(variable) && Objects.equals(told.get(variable), value);
  }

  /** Notes that people have been told. */
  void areTold(Map<String, Object> outputs) {
    told.putAll(outputs);
  }

  /** It is not known what they have been told. */
  void forget() {
    told.clear();
  }
}

package io.unicoredask.camunda;

import io.unicoredask.cluster.IsoTime;
import java.util.Date;
import java.util.Map;

/**
 * What has become of a cluster that does not wait for a message.
 *
 * @param instance its process instance
 * @param key its business key; null if it has none
 * @param end when the instance ended; null if it has not
 * @param deleteReason why the instance was deleted; null if it was not
 * @param outputs what its variables say last
 */
record HistoricCluster(
    String instance, String key, Date end, String deleteReason, Map<String, Object> outputs) {

  static final String DRY_RUN = "dryRun";

  /** Whether these are the outputs of a request that submits nothing. */
  static boolean isDryRun(Map<String, Object> outputs) {
    return Boolean.TRUE.equals(outputs.get(DRY_RUN));
  }

  /** Why the message reaches nobody, as its sender is told. */
  String text() {
    String whose =
        "the cluster of process instance %s%s"
            .formatted(
                instance, key == null ? "" : " (business key '%s')".formatted(OneLine.name(key)));
    if (end == null) {
      return whose + goesOn();
    }
    if (isDryRun(outputs)) {
      return "process instance %s was a dry run, which has ended at %s".formatted(instance, time());
    }
    return whose + over();
  }

  private String goesOn() {
    return "STOPPING".equals(output(DaskVariables.CLUSTER_STATUS))
        ? " is being torn down (endedBy = %s), and takes no messages any more"
            .formatted(output(DaskVariables.ENDED_BY))
        : " is %s, and its process does not wait for this message"
            .formatted(output(DaskVariables.CLUSTER_STATUS));
  }

  private String over() {
    String status = output(DaskVariables.CLUSTER_STATUS);
    return switch (status) {
      case "STOPPED" ->
          " is over: STOPPED at %s, endedBy = %s".formatted(time(), output(DaskVariables.ENDED_BY));
      case "FAILED" ->
          " is over: FAILED at %s, %s: %s"
              .formatted(
                  time(), output(DaskVariables.ERROR_CODE), output(DaskVariables.ERROR_MESSAGE));
      default ->
          " is over: its instance ended at %s%s"
              .formatted(time(), deleteReason == null ? "" : " (%s)".formatted(deleteReason));
    };
  }

  private String output(String name) {
    return String.valueOf(outputs.get(name));
  }

  private String time() {
    return IsoTime.of(end.toInstant());
  }
}

package io.unicoredask.cluster;

import java.util.Map;

/**
 * How far an activity has come.
 *
 * @param cluster the cluster as it is now
 * @param done whether the activity is finished
 * @param note what is being waited for, in a few words for a person; empty when done
 * @param files the files that it brought, by variable name
 */
public record Progress(Cluster cluster, boolean done, String note, Map<String, ResultFile> files) {

  /** Without files. */
  public Progress(Cluster cluster, boolean done, String note) {
    this(cluster, done, note, Map.of());
  }

  static Progress done(Cluster cluster) {
    return new Progress(cluster, true, "");
  }

  static Progress done(Cluster cluster, Map<String, ResultFile> files) {
    return new Progress(cluster, true, "", files);
  }

  static Progress waiting(Cluster cluster, String note) {
    return new Progress(cluster, false, note);
  }
}

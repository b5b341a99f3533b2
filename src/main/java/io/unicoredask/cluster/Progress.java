package io.unicoredask.cluster;

/**
 * How far an activity has come.
 *
 * @param cluster the cluster as it is now
 * @param done whether the activity is finished
 * @param note what is being waited for, in a few words for a person; empty when done
 */
public record Progress(Cluster cluster, boolean done, String note) {

  static Progress done(Cluster cluster) {
    return new Progress(cluster, true, "");
  }

  static Progress waiting(Cluster cluster, String note) {
    return new Progress(cluster, false, note);
  }
}

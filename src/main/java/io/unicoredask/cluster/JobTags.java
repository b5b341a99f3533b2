package io.unicoredask.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The tags by which a cluster's jobs are found at the site again. */
class JobTags {

  /** Every job that this project submits carries it. */
  static final String PROJECT = "camunda-unicore-dask";

  private JobTags() {}

  /** All jobs of the cluster. */
  static String cluster(Cluster cluster) {
    return "dask-cluster-" + cluster.id();
  }

  /** The one job that does this for the cluster. */
  static String intent(Cluster cluster, String purpose) {
    return cluster(cluster) + "-" + purpose;
  }

  static void add(ObjectNode job, Cluster cluster, String purpose) {
    ArrayNode tags = job.withArray("/Tags");
    tags.add(PROJECT).add(cluster(cluster)).add(intent(cluster, purpose));
  }
}

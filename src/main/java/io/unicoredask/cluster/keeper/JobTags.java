package io.unicoredask.cluster.keeper;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unicoredask.cluster.site.UserName;
import java.util.List;
import java.util.Optional;

/** The tags by which a cluster's jobs are found at the site again. */
public final class JobTags {

  /** Every job that this project submits carries it. */
  static final String PROJECT = "camunda-unicore-dask";

  private static final String CLUSTER = "dask-cluster-";

  private static final String USER = "dask-user-";

  private JobTags() {}

  /** All jobs of all clusters of one engine. */
  public static String installation(String installation) {
    return PROJECT + "-" + installation;
  }

  /** All jobs of the cluster. */
  static String cluster(Cluster cluster) {
    return CLUSTER + cluster.id();
  }

  /** The one job that does this for the cluster. */
  static String intent(Cluster cluster, String purpose) {
    return cluster(cluster) + "-" + purpose;
  }

  static void add(ObjectNode job, Cluster cluster, String purpose) {
    ArrayNode tags = job.withArray("/Tags");
    tags.add(PROJECT)
        .add(installation(cluster.installation()))
        .add(cluster(cluster))
        .add(intent(cluster, purpose));
    if (cluster.owner() != null) {
      tags.add(USER + UserName.asTag(cluster.owner()));
    }
  }

  /**
   * What a job was submitted for.
   *
   * @param cluster the id of its cluster
   * @param purpose what it does for it
   */
  public record Intent(String cluster, String purpose) {}

  /** Reads from a job's tags what it was submitted for; nothing if they do not say. */
  public static Optional<Intent> intent(List<String> tags) {
    for (String cluster : tags) {
      for (String intent : tags) {
        if (cluster.startsWith(CLUSTER) && intent.startsWith(cluster + "-")) {
          return Optional.of(
              new Intent(
                  cluster.substring(CLUSTER.length()), intent.substring(cluster.length() + 1)));
        }
      }
    }
    return Optional.empty();
  }
}

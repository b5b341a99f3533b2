package io.unicoredask.cluster.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a cluster, or several, take at a site at the most, as they ask for it.
 *
 * @param clusters how many they are
 * @param workers how many workers they may come to have
 * @param nodes how many nodes their jobs ask for; one each where a job does not say, and none in an
 *     allocation that somebody else has made
 * @param nodeSeconds how many seconds of nodes that makes until the lifetime of each is over
 */
public record Footprint(long clusters, long workers, long nodes, long nodeSeconds) {

  /** Of nothing. */
  public static final Footprint NONE = new Footprint(0, 0, 0, 0);

  /** What a job asks for besides a number of nodes that makes it more than that. */
  private static final List<String> SEVERAL = List.of("TotalCPUs", "CPUs", "ArraySize");

  /** More seconds of nodes than there are; of many clusters they can be added up all the same. */
  private static final long MOST = 1_000_000_000_000_000L;

  private static final String COUNTABLE = "\\d{1,7}";

  /** That of a cluster. */
  public static Footprint of(ClusterRequest request) {
    long jobs = request.size().largest().jobsOf(request.processes());
    long nodes = nodes(request, jobs);
    Duration life = request.clocks().get(TimeLimit.LIFETIME).plusSeconds(1).minusNanos(1);
    return new Footprint(
        1,
        Math.max(jobs * request.processes(), request.size().largest().number()),
        nodes,
        nodes > MOST / life.toSeconds() ? MOST : nodes * life.toSeconds());
  }

  /** What this one takes more than another, and no clusters. */
  public Footprint moreThan(Footprint other) {
    return new Footprint(
        0,
        Math.max(0, workers - other.workers),
        Math.max(0, nodes - other.nodes),
        Math.max(0, nodeSeconds - other.nodeSeconds));
  }

  private static long nodes(ClusterRequest request, long jobs) {
    if (request.allocation() != null) {
      return 0;
    }
    return request.newAllocation() != null
        ? nodes(request.newAllocation())
        : nodes(request.schedulerJob()) + jobs * nodes(request.workerJob());
  }

  /** How many nodes a job asks for; one if it does not say in a number. */
  public static long nodes(ObjectNode job) {
    String asked = job.path("Resources").path("Nodes").asText().strip();
    return asked.matches(COUNTABLE) ? Math.max(1, Long.parseLong(asked)) : 1;
  }

  /**
   * Why the nodes of these jobs cannot be counted, a sentence for each.
   *
   * @param property what wants them counted
   */
  static List<String> problems(ClusterRequest request, String property) {
    List<String> problems = new ArrayList<>();
    if (request.newAllocation() != null) {
      problems.addAll(problems("allocation", request.newAllocation(), property));
    } else if (request.allocation() == null) {
      problems.addAll(problems("schedulerJob", request.schedulerJob(), property));
      problems.addAll(problems("workerJob", request.workerJob(), property));
    }
    return problems;
  }

  static List<String> problems(String variable, ObjectNode job, String property) {
    List<String> problems = new ArrayList<>();
    JsonNode resources = job.path("Resources");
    JsonNode nodes = resources.path("Nodes");
    if (!nodes.isMissingNode() && !nodes.asText().strip().matches(COUNTABLE)) {
      problems.add(
          "%s.Resources.Nodes = %s is not allowed; allowed is a whole number, since nodes are counted (%s)"
              .formatted(variable, nodes.asText(), property));
    }
    for (String other : SEVERAL) {
      if (resources.has(other)) {
        problems.add(
            "%s.Resources.%s = %s is not allowed; allowed is Nodes, since nodes are counted (%s)"
                .formatted(variable, other, resources.path(other).asText(), property));
      }
    }
    return problems;
  }
}

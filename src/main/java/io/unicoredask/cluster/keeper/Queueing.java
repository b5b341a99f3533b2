package io.unicoredask.cluster.keeper;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** How many of this node's clusters wait in the queues of each site, whose looks they share. */
final class Queueing {

  private final Map<String, Set<String>> clusters = new ConcurrentHashMap<>();

  /**
   * Notes whether a cluster does.
   *
   * @return how many do at its site
   */
  int note(String site, String cluster, boolean queues) {
    Set<String> there = clusters.computeIfAbsent(site, first -> ConcurrentHashMap.newKeySet());
    if (queues) {
      there.add(cluster);
    } else {
      there.remove(cluster);
    }
    return there.size();
  }
}

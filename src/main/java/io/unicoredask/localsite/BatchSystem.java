package io.unicoredask.localsite;

import io.unicoredask.localsite.LocalSiteSettings.Queue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Nodes and who has them: first come, first served, nobody overtakes. All calls come from one
 * thread.
 */
final class BatchSystem {
  private static final class Partition {
    final TreeSet<Integer> free = new TreeSet<>();
    final Deque<Entry> waiting = new ArrayDeque<>();
  }

  private record Entry(String id, int nodes, Consumer<List<String>> start) {}

  private final Map<String, Partition> partitions = new LinkedHashMap<>();
  private final Map<String, Runnable> held = new HashMap<>();

  BatchSystem(Map<String, Queue> queues) {
    int node = 1;
    for (Map.Entry<String, Queue> queue : queues.entrySet()) {
      Partition partition = new Partition();
      for (int i = 0; i < queue.getValue().nodes(); i++) {
        partition.free.add(node++);
      }
      partitions.put(queue.getKey(), partition);
    }
  }

  /**
   * Queues a job.
   *
   * @param start called with the names of its nodes when the job has them
   */
  void submit(String id, String queue, int nodes, Consumer<List<String>> start) {
    Partition partition = partitions.get(queue);
    partition.waiting.add(new Entry(id, nodes, start));
    schedule(partition);
  }

  /** Takes a job out of its queue, or its nodes back. Does nothing if it has neither. */
  void release(String id) {
    partitions.values().forEach(partition -> partition.waiting.removeIf(e -> e.id().equals(id)));
    Runnable giveBack = held.remove(id);
    if (giveBack != null) {
      giveBack.run();
    }
    partitions.values().forEach(this::schedule);
  }

  private void schedule(Partition partition) {
    while (!partition.waiting.isEmpty()
        && partition.waiting.peek().nodes() <= partition.free.size()) {
      Entry next = partition.waiting.poll();
      List<Integer> nodes = new ArrayList<>();
      for (int i = 0; i < next.nodes(); i++) {
        nodes.add(partition.free.pollFirst());
      }
      held.put(next.id(), () -> partition.free.addAll(nodes));
      next.start().accept(nodes.stream().map(number -> "n" + number).toList());
    }
  }
}

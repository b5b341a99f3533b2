package io.unicoredask.localsite;

import io.unicoredask.localsite.LocalSiteSettings.Queue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
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

  private record Entry(String id, int nodes, Duration limit, Consumer<List<String>> start) {}

  /**
   * @param end when the job's time is over
   */
  private record Held(String queue, List<Integer> nodes, Instant end) {}

  /** Nodes that become free. */
  private record Release(Instant time, int nodes) {}

  private final Map<String, Partition> partitions = new LinkedHashMap<>();
  private final Map<String, Held> held = new HashMap<>();

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
   * @param limit how long it may run
   * @param start called with the names of its nodes when the job has them
   */
  void submit(String id, String queue, int nodes, Duration limit, Consumer<List<String>> start) {
    partitions.get(queue).waiting.add(new Entry(id, nodes, limit, start));
    schedule(queue);
  }

  /** When a job that waits gets its nodes if all others use up their time; null if never. */
  Instant expectedStart(String id) {
    return partitions.entrySet().stream()
        .filter(queue -> queue.getValue().waiting.stream().anyMatch(job -> job.id().equals(id)))
        .findAny()
        .map(queue -> expectedStart(id, queue.getKey(), queue.getValue()))
        .orElse(null);
  }

  private Instant expectedStart(String id, String queue, Partition partition) {
    Instant time = Instant.now();
    int free = partition.free.size();
    PriorityQueue<Release> releases = new PriorityQueue<>(Comparator.comparing(Release::time));
    held.values().stream()
        .filter(job -> job.queue().equals(queue))
        .forEach(job -> releases.add(new Release(job.end(), job.nodes().size())));
    for (Entry next : partition.waiting) {
      while (free < next.nodes() && !releases.isEmpty()) {
        Release release = releases.poll();
        free += release.nodes();
        time = release.time().isAfter(time) ? release.time() : time;
      }
      if (free < next.nodes()) {
        return null;
      }
      if (next.id().equals(id)) {
        return time;
      }
      free -= next.nodes();
      releases.add(new Release(time.plus(next.limit()), next.nodes()));
    }
    return null;
  }

  /** Takes a job out of its queue, or its nodes back. Does nothing if it has neither. */
  void release(String id) {
    partitions.values().forEach(partition -> partition.waiting.removeIf(e -> e.id().equals(id)));
    Held job = held.remove(id);
    if (job != null) {
      partitions.get(job.queue()).free.addAll(job.nodes());
    }
    partitions.keySet().forEach(this::schedule);
  }

  private void schedule(String queue) {
    Partition partition = partitions.get(queue);
    while (!partition.waiting.isEmpty()
        && partition.waiting.peek().nodes() <= partition.free.size()) {
      Entry next = partition.waiting.poll();
      List<Integer> nodes = new ArrayList<>();
      for (int i = 0; i < next.nodes(); i++) {
        nodes.add(partition.free.pollFirst());
      }
      held.put(next.id(), new Held(queue, nodes, Instant.now().plus(next.limit())));
      next.start().accept(nodes.stream().map(number -> "n" + number).toList());
    }
  }
}

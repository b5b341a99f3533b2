package io.unicoredask.cluster.keeper;

import io.unicoredask.unicore.JobNotFoundException;
import io.unicoredask.unicore.UnicoreException;
import io.unicoredask.unicore.UnicoreSite;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ends a cluster's jobs, those that are known and those that only the site knows of, and remembers
 * each that is over, so that a refused call costs only itself. Used by one thread at a time.
 */
class JobEnder {

  /** A job that goes on for so long after it was aborted is aborted again. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final UnicoreSite site;
  private final SiteThreads threads;
  private final Set<URI> over = ConcurrentHashMap.newKeySet();
  private final Map<URI, Long> abortedAt = new ConcurrentHashMap<>();

  /** Those that only the site knows of. */
  private final Set<URI> unknown = new HashSet<>();

  private final KeyFiles keys;

  private boolean listed;

  JobEnder(UnicoreSite site, SiteThreads threads) {
    this.site = site;
    this.threads = threads;
    this.keys = new KeyFiles(site);
  }

  /**
   * Does what can be done now.
   *
   * @param alsoUnknown whether those count as well that only the site knows of, and an allocation
   * @param hasTls whether there are keys of the cluster at the site, which go when its jobs are
   *     over
   * @throws UnicoreException if the site refuses all that is asked of it
   */
  Result.Ended end(Cluster cluster, boolean alsoUnknown, boolean hasTls) {
    boolean listsNow = alsoUnknown && !listed;
    if (listsNow) {
      list(cluster);
      listed = true;
    }
    List<UnicoreException> refusals = new ArrayList<>();
    int before = over.size();
    // Workers first, so that none reports a lost scheduler; an own allocation last.
    List<List<URI>> groups = groups(cluster, alsoUnknown);
    boolean wasIdle = groups.stream().flatMap(List::stream).allMatch(over::contains);
    for (List<URI> group : groups) {
      refusals.addAll(threads.inParallel(group, this::end));
    }
    long left = groups.stream().flatMap(List::stream).filter(job -> !over.contains(job)).count();
    if (left > 0 && left == refusals.size() && over.size() == before) {
      throw refusals.get(0);
    }
    if (hasTls && left == 0) {
      keys.delete(cluster, unknown);
    }
    // What was listed before anything was ended says nothing of what came up meanwhile.
    boolean sure = left == 0 && (!alsoUnknown || listsNow && wasIdle || !list(cluster));
    return new Result.Ended(Set.copyOf(over), (int) left, sure);
  }

  /** Returns whether there are more than were known. A submission may have been under way. */
  private boolean list(Cluster cluster) {
    Set<URI> known = new HashSet<>(cluster.jobs().toList());
    List<URI> others =
        site.jobs(JobTags.cluster(cluster)).stream().filter(job -> !known.contains(job)).toList();
    return unknown.addAll(others);
  }

  private List<List<URI>> groups(Cluster cluster, boolean alsoUnknown) {
    List<URI> workers =
        new ArrayList<>(
            cluster.workers().stream()
                .filter(worker -> !worker.over())
                .map(WorkerJob::job)
                .filter(Objects::nonNull)
                .toList());
    List<URI> others = new ArrayList<>();
    SchedulerJob scheduler = cluster.scheduler();
    if (scheduler != null && !scheduler.over() && scheduler.job() != null) {
      others.add(scheduler.job());
    }
    List<URI> last = new ArrayList<>();
    if (alsoUnknown) {
      workers.addAll(unknown);
      AllocationJob allocation = cluster.allocation();
      if (allocation != null
          && allocation.own()
          && !allocation.over()
          && allocation.job() != null) {
        last.add(allocation.job());
      }
    }
    return List.of(workers, others, last);
  }

  private List<UnicoreException> end(URI job) {
    try {
      if (!over.contains(job)) {
        Long aborted = abortedAt.get(job);
        if (aborted == null || System.nanoTime() - aborted > PATIENCE.toNanos()) {
          site.abort(job);
          abortedAt.put(job, System.nanoTime());
        }
        if (site.job(job).status().isFinished()) {
          over.add(job);
        }
      }
      return List.of();
    } catch (JobNotFoundException e) {
      over.add(job);
      return List.of();
    } catch (UnicoreException e) {
      return List.of(e);
    }
  }
}

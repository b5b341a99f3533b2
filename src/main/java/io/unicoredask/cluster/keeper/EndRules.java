package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.keeper.Cluster.Growth;
import io.unicoredask.cluster.request.TimeLimit;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Ends a cluster, or what is left of one whose scheduler is lost. */
final class EndRules {

  private static final Duration LEAST = Duration.ofSeconds(1);

  private EndRules() {}

  static void tearDown(Decision decision) {
    decision.begins(Phase.TEAR_DOWN);
    decision.note("ending the jobs");
    decision.act(new Action.ClosePorts());
    decision.act(new Action.End(true));
  }

  /** Its allocation stays; its workers know no other scheduler. */
  static void restart(Decision decision) {
    decision.begins(Phase.RESTART);
    int most = decision.demand().request().maxReplacements();
    int restarts = decision.cluster().restarts();
    if (restarts >= most) {
      decision.fail(
          Phase.RESTART,
          ClusterError.DASK_SCHEDULER_LOST,
          "the scheduler was lost once more after %d restarts; allowed are maxReplacements = %d"
              .formatted(restarts, most));
      return;
    }
    decision.note("ending what is left of the lost scheduler");
    decision.act(new Action.ClosePorts());
    decision.act(new Action.End(false));
  }

  static void ended(Decision decision, Result.Ended ended, Instant now) {
    decision.change(cluster -> marked(cluster, ended.over()));
    if (ended.left() > 0) {
      decision.note("%d jobs aborted, not yet over".formatted(ended.left()));
    } else if (!decision.awaits(Phase.TEAR_DOWN) && decision.awaits(Phase.RESTART)) {
      restarted(decision, now);
    } else if (!ended.madeSure()) {
      decision.note("making sure that nothing is left");
    } else {
      decision.change(cluster -> cluster.withConnectedWorkers(0));
      decision.output("expectedStart", null);
      decision.output("schedulerEndsAt", null);
      decision.done(Phase.TEAR_DOWN);
    }
  }

  private static Cluster marked(Cluster cluster, Set<URI> over) {
    Cluster marked =
        cluster.withEachWorker(worker -> isOver(worker.job(), over) ? worker.ended() : worker);
    if (cluster.scheduler() != null && isOver(cluster.scheduler().job(), over)) {
      marked = marked.withScheduler(cluster.scheduler().withOver(true));
    }
    if (cluster.allocation() != null && isOver(cluster.allocation().job(), over)) {
      marked = marked.withAllocation(cluster.allocation().ended());
    }
    return marked;
  }

  /** One that is wanted and not known to be submitted has no URL yet. */
  private static boolean isOver(URI job, Set<URI> over) {
    return job != null && over.contains(job);
  }

  private static void restarted(Decision decision, Instant now) {
    Cluster cluster = decision.cluster();
    if (cluster.readySince() != null) {
      // What is left of its lifetime is for the next time that it is ready.
      Duration lived =
          Duration.between(Instant.ofEpochMilli(cluster.readySince()), now)
              .plusMillis(cluster.readyFor());
      Duration left = decision.demand().request().clocks().get(TimeLimit.LIFETIME).minus(lived);
      decision.output(
          TimeLimit.LIFETIME.variable(), (left.compareTo(LEAST) < 0 ? LEAST : left).toString());
      decision.change(lost -> lost.with().readySince(null).readyFor(lived.toMillis()).build());
    }
    decision.change(
        lost ->
            lost.with()
                .scheduler(null)
                .workers(List.of())
                .growth(Growth.NOT_YET)
                .adaptedTo(null)
                .connectedWorkers(0)
                .reached(false)
                .warnings(List.of())
                .restarts(lost.restarts() + 1)
                .build());
    decision.done(Phase.RESTART);
  }
}

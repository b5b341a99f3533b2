package io.unicoredask.camunda;

import io.unicoredask.camunda.ClusterDetails.Wait;
import io.unicoredask.camunda.engine.Transaction;
import io.unicoredask.cluster.IsoTime;
import io.unicoredask.cluster.keeper.Cluster;
import io.unicoredask.cluster.keeper.JobTimes;
import io.unicoredask.cluster.keeper.Phase;
import io.unicoredask.cluster.keeper.WorkerJob.Status;
import java.util.List;
import java.util.Optional;
import org.camunda.bpm.engine.runtime.Execution;

/** The activities of a process instance that wait for its cluster. */
class ClusterWaits {

  private final EngineDatabase database;
  private final String phases;
  private final String executions;

  ClusterWaits(EngineDatabase database, Transaction transaction) {
    this.database = database;
    this.phases = database.table("PHASE");
    this.executions = transaction.table(Execution.class);
  }

  /**
   * They, oldest first.
   *
   * @param progress what the cluster waits for, as its user is told; null for nothing
   */
  List<Wait> of(Cluster cluster, String instance, String progress) {
    return database.query(
        jdbc ->
            jdbc.query(
                "SELECT E.ACT_ID_, P.PHASE_, P.SINCE_ FROM %s P JOIN %s E ON E.ID_ = P.EXECUTION_ID_ WHERE P.CLUSTER_ID_ = ? AND E.PROC_INST_ID_ = ? ORDER BY P.SINCE_"
                    .formatted(phases, executions),
                (row, number) ->
                    wait(
                        row.getString(1),
                        Phase.valueOf(row.getString(2)),
                        row.getLong(3),
                        cluster,
                        progress),
                cluster.id(),
                instance));
  }

  private static Wait wait(
      String activity, Phase phase, long since, Cluster cluster, String progress) {
    Optional<JobTimes> queued = queued(phase, cluster);
    String text =
        queued
            .map(JobTimes::reason)
            .map("waits for %s"::formatted)
            .orElse(progress == null || isTold(phase) ? words(phase, cluster) : progress);
    return new Wait(
        activity,
        text,
        IsoTime.of(since),
        queued.map(JobTimes::start).map(IsoTime::of).orElse(null));
  }

  /** Whether progress is not about it. */
  private static boolean isTold(Phase phase) {
    return phase == Phase.MONITOR || phase == Phase.RUN_SCRIPT || phase == Phase.READ_LOGS;
  }

  /** What is known of the job that it waits for, while that is in the queue. */
  private static Optional<JobTimes> queued(Phase phase, Cluster cluster) {
    return switch (phase) {
      case ALLOCATE ->
          Optional.ofNullable(cluster.allocation()).map(allocation -> allocation.times());
      case START_SCHEDULER ->
          Optional.ofNullable(cluster.scheduler())
              .filter(scheduler -> scheduler.forwarding() == null)
              .map(scheduler -> scheduler.times());
      case SCALE_WORKERS ->
          cluster.workers().stream()
              .filter(worker -> worker.status() == Status.QUEUED)
              .map(worker -> worker.times())
              .findFirst();
      default -> Optional.empty();
    };
  }

  private static String words(Phase phase, Cluster cluster) {
    return phase == Phase.MONITOR
        ? "%s, %s".formatted(phase.words(), workers(cluster.connectedWorkers()))
        : phase.words();
  }

  private static String workers(Integer connected) {
    int number = connected == null ? 0 : connected;
    return number == 1 ? "1 worker" : number + " workers";
  }
}

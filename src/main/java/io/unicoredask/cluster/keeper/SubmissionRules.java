package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.keeper.Cluster.Growth;
import io.unicoredask.cluster.keeper.WorkerJob.Status;

/** Puts down what became of submissions. */
final class SubmissionRules {

  private SubmissionRules() {}

  static void submitted(Decision decision, Result.Submitted submitted) {
    String purpose = submitted.purpose();
    if (purpose.equals(AllocationJob.PURPOSE)) {
      decision.change(
          cluster -> cluster.withAllocation(cluster.allocation().submitted(submitted.job())));
    } else if (purpose.startsWith(SchedulerJob.PURPOSE)) {
      decision.change(
          cluster -> cluster.withScheduler(cluster.scheduler().withJob(submitted.job())));
    } else {
      int number = WorkerJob.number(purpose).orElseThrow();
      decision.change(
          cluster ->
              cluster.withEachWorker(
                  worker ->
                      worker.number() == number ? worker.submitted(submitted.job()) : worker));
    }
    submitted.warning().ifPresent(warning -> decision.change(cluster -> cluster.warnedOf(warning)));
  }

  static void refused(Decision decision, Result.Refused refused) {
    Outcome outcome = Outcome.Failed.of(refused.reason());
    String purpose = refused.purpose();
    if (purpose.equals(AllocationJob.PURPOSE)) {
      decision.change(cluster -> cluster.withAllocation(null));
      decision.tell(Phase.ALLOCATE, outcome);
    } else if (purpose.startsWith(SchedulerJob.PURPOSE)) {
      decision.change(cluster -> cluster.withScheduler(null));
      decision.tell(Phase.START_SCHEDULER, outcome);
    } else {
      workerRefused(decision, purpose, refused.reason());
    }
  }

  /** None of them is submitted any more until another size is wanted. */
  private static void workerRefused(Decision decision, String purpose, ClusterException reason) {
    decision.change(
        cluster ->
            cluster
                .withWorkers(
                    cluster.workers().stream()
                        .filter(
                            worker ->
                                worker.status() != Status.WANTED || !worker.name().equals(purpose))
                        .toList())
                .withGrowth(Growth.STOPPED));
    if (decision.awaits(Phase.SCALE_WORKERS)) {
      decision.tell(Phase.SCALE_WORKERS, Outcome.Failed.of(reason));
    } else if (WorkerRules.COMING_UP.stream().anyMatch(decision::awaits)) {
      WorkerRules.COMING_UP.forEach(phase -> decision.tell(phase, Outcome.Failed.of(reason)));
    } else if (decision.outcomes().isEmpty()) {
      decision.scalingFailed(reason.error(), reason.getMessage());
    }
  }

  static void note(Decision decision) {
    if (!decision.note().isEmpty()) {
      return;
    }
    if (decision.awaits(Phase.ALLOCATE)) {
      decision.note("allocation submitted");
    } else if (!decision.cluster().stayingWorkers().isEmpty()) {
      decision.note(WorkerRules.submittedNote(decision));
    } else if (decision.awaits(Phase.START_SCHEDULER)) {
      decision.note("scheduler job submitted");
    }
  }
}

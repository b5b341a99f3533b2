package io.unicoredask.cluster.keeper;

/** Why a scheduler ended that ended by itself and well. */
final class SchedulerEnd {

  private SchedulerEnd() {}

  static String text(Decision decision) {
    return decision.recollection().idle()
        ? "the scheduler has ended by itself, since there was nothing to do for idleTimeout = %s"
            .formatted(decision.demand().request().idleTimeout())
        : "the scheduler has ended by itself";
  }
}

package io.unicoredask.cluster.keeper;

import io.unicoredask.dask.SchedulerFile;

/** What a look at the scheduler's file has shown. */
sealed interface FileSeen {

  /** The scheduler has written it. */
  record Written(SchedulerFile file) implements FileSeen {}

  /** It is not there, or half-written. */
  record NotYet() implements FileSeen {}

  /** It is something that no later look will mend. */
  record Unusable(String reason) implements FileSeen {}
}

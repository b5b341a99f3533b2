package io.unicoredask.autoconfigure;

import io.unicoredask.cluster.keeper.Phase;

/** Which time limit runs while an activity waits, as process models have it. */
enum Clock {
  QUEUE,
  START,
  CONNECTION,
  WORKERS,
  LIFETIME,
  NONE;

  static Clock of(Phase phase) {
    return switch (phase) {
      case ALLOCATE, START_SCHEDULER -> QUEUE;
      case AWAIT_SCHEDULER -> START;
      case FORWARD_PORTS -> CONNECTION;
      case SCALE_WORKERS -> WORKERS;
      case MONITOR -> LIFETIME;
      case RESTART, TEAR_DOWN, RUN_SCRIPT, READ_LOGS -> NONE;
    };
  }
}

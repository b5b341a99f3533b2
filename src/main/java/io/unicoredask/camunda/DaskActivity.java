package io.unicoredask.camunda;

import io.unicoredask.cluster.keeper.Phase;
import java.util.Arrays;
import java.util.Optional;

/** The activities that process models name, and what each waits for. The one place to list them. */
enum DaskActivity {
  ALLOCATE("daskAllocate", Phase.ALLOCATE),
  START_SCHEDULER("daskStartScheduler", Phase.START_SCHEDULER),
  AWAIT_SCHEDULER("daskAwaitScheduler", Phase.AWAIT_SCHEDULER),
  FORWARD_PORTS("daskForwardPorts", Phase.FORWARD_PORTS),
  SCALE_WORKERS("daskScaleWorkers", Phase.SCALE_WORKERS),
  MONITOR("daskMonitor", Phase.MONITOR),
  RESTART("daskRestart", Phase.RESTART),
  RUN_SCRIPT("daskRunScript", Phase.RUN_SCRIPT),
  LOGS("daskLogs", Phase.READ_LOGS),
  TEARDOWN("daskTeardown", Phase.TEAR_DOWN);

  /** {@code ${daskCheckRequest}}, which is no wait state. */
  static final String CHECK_REQUEST = "daskCheckRequest";

  /** {@code ${daskWorkVariables}}, the variable mapping of a call activity. */
  static final String WORK_VARIABLES = "daskWorkVariables";

  private final String expression;
  private final Phase phase;

  DaskActivity(String expression, Phase phase) {
    this.expression = expression;
    this.phase = phase;
  }

  /** The name of its delegate expression. */
  String expression() {
    return expression;
  }

  /** What it waits for. */
  Phase phase() {
    return phase;
  }

  /** Whether it is about what is done in a cluster, and not about the cluster itself. */
  boolean isAside() {
    return phase == Phase.RUN_SCRIPT || phase == Phase.READ_LOGS;
  }

  /** The one whose delegate expression has this name. */
  static Optional<DaskActivity> named(String name) {
    return Arrays.stream(values()).filter(one -> one.expression.equals(name)).findAny();
  }
}

package io.unicoredask.camunda;

/**
 * {@code ${daskStartScheduler}}: submits the scheduler's job and waits until it has left the queue.
 */
public final class StartSchedulerDelegate extends ClusterActivityDelegate {

  /** The name that process models use. */
  public static final String NAME = "daskStartScheduler";

  /** Made once for all processes. */
  public StartSchedulerDelegate(DaskRuntime runtime) {
    super(NAME, runtime.activities().startScheduler(), runtime);
  }
}

package io.unicoredask.camunda;

/**
 * {@code ${daskAwaitScheduler}}: waits until the scheduler, whose job runs, has written where it
 * listens.
 */
public final class AwaitSchedulerDelegate extends ClusterActivityDelegate {

  /** The name that process models use. */
  public static final String NAME = "daskAwaitScheduler";

  /** Made once for all processes. */
  public AwaitSchedulerDelegate(DaskRuntime runtime) {
    super(NAME, runtime.activities().awaitScheduler(), runtime);
  }
}

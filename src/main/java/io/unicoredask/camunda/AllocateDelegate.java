package io.unicoredask.camunda;

/**
 * {@code ${daskAllocate}}: makes the allocation that variable {@code allocation} describes, or
 * takes the one whose URL it holds, and waits until it takes jobs. Passes on at once if there is
 * none.
 */
public final class AllocateDelegate extends ClusterActivityDelegate {

  /** The name that process models use. */
  public static final String NAME = "daskAllocate";

  /** Made once for all processes. */
  public AllocateDelegate(DaskRuntime runtime) {
    super(NAME, runtime.activities().allocate(), runtime);
  }
}

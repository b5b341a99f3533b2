package io.unicoredask.cluster.keeper;

/**
 * What a keeper was about to put down does not count, since the engine has changed the cluster at
 * the same moment, or another node looks after it now. Nothing of it was done.
 */
public class Superseded extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Without a reason of its own. */
  public Superseded() {
    super("the cluster is another by now");
  }

  /**
   * @param cause what the engine said
   */
  public Superseded(Throwable cause) {
    super("the cluster is another by now", cause);
  }
}

package io.unicoredask.cluster;

/** A cluster that failed for good: repeating the same step cannot help. */
public class ClusterException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final ClusterError error;

  /**
   * @param error what kind of failure
   * @param message what failed, why, and what can be done about it
   */
  public ClusterException(ClusterError error, String message) {
    super(message);
    this.error = error;
  }

  /**
   * @param error what kind of failure
   * @param message what failed, why, and what can be done about it
   * @param cause the error below
   */
  public ClusterException(ClusterError error, String message, Throwable cause) {
    super(message, cause);
    this.error = error;
  }

  /** What kind of failure this is. */
  public ClusterError error() {
    return error;
  }
}

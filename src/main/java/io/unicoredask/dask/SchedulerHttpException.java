package io.unicoredask.dask;

/** A call to a scheduler's HTTP server that did not succeed. */
public class SchedulerHttpException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final String UNREACHED = "The Dask scheduler cannot be asked: ";

  private final String explanation;
  private final int status;
  private final boolean retryable;

  /**
   * There is no way to the server for now, so that it cannot even be called.
   *
   * @param reason why, and what can be done about it
   */
  public SchedulerHttpException(String reason) {
    super("Dask scheduler: " + reason);
    this.explanation = UNREACHED + reason;
    this.status = 0;
    this.retryable = true;
  }

  SchedulerHttpException(
      String call, int status, boolean retryable, String reason, Throwable cause) {
    super(
        "Dask scheduler, %s: %s%s"
            .formatted(call, status == 0 ? "" : "HTTP " + status + ", ", reason),
        cause);
    this.explanation =
        "%s%s (%s%s)".formatted(UNREACHED, reason, call, status == 0 ? "" : ": HTTP " + status);
    this.status = status;
    this.retryable = retryable;
  }

  /**
   * The same as the message, but cause and remedy come first: for what is shown by its beginning.
   */
  public String explanation() {
    return explanation;
  }

  /** The HTTP status, 0 if there was no answer. */
  public int status() {
    return status;
  }

  /**
   * Whether the same call may succeed later without anybody changing anything: as long as there is
   * no answer, or one of 5xx or 429. Another refusal stays, and so does an answer that is not that
   * of a Dask scheduler.
   */
  public boolean isRetryable() {
    return retryable;
  }
}

package io.unicoredask.dask;

import feign.FeignException;
import java.net.ProtocolException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What it means that a call did not succeed, whether that may pass, and what to do about it. */
final class SchedulerFailures {

  private static final String OTHER =
      "; does another server listen at this port, does it speak TLS, or was the scheduler started"
          + " with a prefix for its dashboard?";

  private SchedulerFailures() {}

  /**
   * The exception for a call that failed.
   *
   * @param obstacle asked when there is no answer: what is known to stand in the way
   */
  static SchedulerHttpException of(FeignException e, Supplier<Optional<String>> obstacle) {
    String call = e.request().httpMethod() + " " + e.request().url();
    int status = Math.max(e.status(), 0);
    return new SchedulerHttpException(
        call, status, isRetryable(e, status), reason(e, status, obstacle), e);
  }

  private static boolean isRetryable(FeignException e, int status) {
    return status == 0 ? !isNonsense(e) : status >= 500 || status == 429;
  }

  /** Something came, but not what any scheduler answers. */
  private static boolean isNonsense(FeignException e) {
    return e.getCause() instanceof WholeAnswers.TooLongException
        || Stream.iterate(e.getCause(), Objects::nonNull, Throwable::getCause)
            .anyMatch(ProtocolException.class::isInstance);
  }

  private static String reason(FeignException e, int status, Supplier<Optional<String>> obstacle) {
    if (status == 0 && isNonsense(e)) {
      return "what answers is not a Dask scheduler (%s)%s".formatted(said(e.getCause()), OTHER);
    }
    if (status == 0) {
      return "no answer (%s); %s"
          .formatted(
              said(e.getCause()),
              obstacle.get().orElse("is the tunnel open and the scheduler alive?"));
    }
    if (status == 200) {
      return "the answer is not that of a Dask scheduler: " + said(e) + OTHER;
    }
    if (status == 404) {
      return e.request().url().contains("/api/v1/")
          ? "there is no such route; start the scheduler with the environment "
              + SchedulerHttp.API_ENVIRONMENT
          : "there is no such page, though every Dask scheduler has it" + OTHER;
    }
    String said = PlainText.of(e.contentUTF8(), PlainText.REASON);
    return (said.isEmpty() ? "without a reason" : said)
        + (isRetryable(e, status) ? "; see the scheduler's log" : OTHER);
  }

  private static String said(Throwable cause) {
    return PlainText.of(String.valueOf(cause), PlainText.REASON);
  }
}

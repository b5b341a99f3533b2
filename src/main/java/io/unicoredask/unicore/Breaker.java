package io.unicoredask.unicore;

import feign.Client;
import feign.Request;
import feign.Response;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Lets a site alone for a while that has not answered several times in a row, so that not everybody
 * waits for it again and again. Then one request finds out whether it answers; any answer ends the
 * pause, an HTTP error as well.
 */
final class Breaker implements Client {

  static final int MOST_FAILURES = 5;
  static final long SHORTEST = TimeUnit.SECONDS.toNanos(5);
  static final long LONGEST = TimeUnit.SECONDS.toNanos(30);

  private final Client delegate;
  private final SiteErrors errors;
  private final SiteListener listener;
  private final LongSupplier nanoTime;

  private int failures;
  private IOException lastFailure;
  private boolean probing;
  private long pause;
  private long end;

  /**
   * @param listener told when a pause begins, and when the site answers again
   */
  Breaker(Client delegate, SiteErrors errors, SiteListener listener, LongSupplier nanoTime) {
    this.delegate = delegate;
    this.errors = errors;
    this.listener = listener;
    this.nanoTime = nanoTime;
  }

  @Override
  public Response execute(Request request, Request.Options options) throws IOException {
    boolean isProbe = enter(request);
    try {
      Response answer = delegate.execute(request, options);
      answered();
      return answer;
    } catch (UnicoreException e) {
      answered();
      throw e;
    } catch (IOException e) {
      if (errors.unreachable(request, e).isRetryable() && !Thread.currentThread().isInterrupted()) {
        failed(e, isProbe);
      }
      throw e;
    } finally {
      leave(isProbe);
    }
  }

  private synchronized boolean enter(Request request) {
    if (failures < MOST_FAILURES) {
      return false;
    }
    long left = end - nanoTime.getAsLong();
    if (probing || left > 0) {
      throw errors.notAsked(request, failures, lastFailure);
    }
    probing = true;
    return true;
  }

  private synchronized void answered() {
    if (failures >= MOST_FAILURES) {
      listener.pausing(false);
    }
    failures = 0;
  }

  /** Requests that were under way when the pause began do not make it longer. */
  private synchronized void failed(IOException failure, boolean isProbe) {
    lastFailure = failure;
    if (isProbe || failures + 1 == MOST_FAILURES) {
      pause = isProbe ? Math.min(2 * pause, LONGEST) : SHORTEST;
      end = nanoTime.getAsLong() + pause;
    }
    failures++;
    if (failures == MOST_FAILURES) {
      listener.pausing(true);
    }
  }

  private synchronized void leave(boolean isProbe) {
    if (isProbe) {
      probing = false;
    }
  }
}

package io.unicoredask.unicore;

import feign.Client;
import feign.Request;
import feign.Response;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Shows a site the credential of one of its users less often while it refuses it: what cannot
 * succeed is not to take the requests of others, nor to lock the user out there.
 */
final class RefusedUsers implements Client {

  static final int MOST_REFUSALS = 3;
  static final long SHORTEST = TimeUnit.SECONDS.toNanos(2);
  static final long LONGEST = TimeUnit.SECONDS.toNanos(30);

  private final Client delegate;
  private final SiteErrors errors;
  private final LongSupplier nanoTime;

  private int refusals;
  private long pause;
  private long end;

  RefusedUsers(Client delegate, SiteErrors errors, LongSupplier nanoTime) {
    this.delegate = delegate;
    this.errors = errors;
    this.nanoTime = nanoTime;
  }

  @Override
  public Response execute(Request request, Request.Options options) throws IOException {
    if (!request.headers().containsKey("Authorization")) {
      // a session that the site knows
      return delegate.execute(request, options);
    }
    enter(request);
    Response answer = delegate.execute(request, options);
    if (errors.isRefused(answer)) {
      refused();
    } else {
      taken();
    }
    return answer;
  }

  /** Whoever comes first when a pause is over tries for all. */
  private synchronized void enter(Request request) {
    if (refusals < MOST_REFUSALS) {
      return;
    }
    long now = nanoTime.getAsLong();
    if (now - end < 0) {
      throw errors.refusedOfLate(request, refusals);
    }
    end = now + pause;
  }

  private synchronized void refused() {
    refusals++;
    if (refusals >= MOST_REFUSALS) {
      pause = Math.min(Math.max(2 * pause, SHORTEST), LONGEST);
      end = nanoTime.getAsLong() + pause;
    }
  }

  private synchronized void taken() {
    refusals = 0;
    pause = 0;
  }
}

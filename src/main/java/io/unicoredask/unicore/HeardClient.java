package io.unicoredask.unicore;

import feign.Client;
import feign.MethodMetadata;
import feign.Request;
import feign.RequestTemplate;
import feign.Response;
import io.unicoredask.unicore.SiteListener.Outcome;
import java.io.IOException;
import java.time.Duration;

/** Tells a listener how each request goes. */
final class HeardClient implements Client {

  /** What was asked for where nothing says so. */
  static final String OTHER = "other";

  private final Client delegate;
  private final SiteListener listener;

  HeardClient(Client delegate, SiteListener listener) {
    this.delegate = delegate;
    this.listener = listener;
  }

  @Override
  public Response execute(Request request, Request.Options options) throws IOException {
    long begin = System.nanoTime();
    Outcome outcome = Outcome.NO_ANSWER;
    try {
      Response answer = delegate.execute(request, options);
      outcome = Outcome.of(answer.status());
      return answer;
    } catch (UnicoreException e) {
      outcome = e.status() == 0 ? Outcome.NO_ANSWER : Outcome.FAILED;
      throw e;
    } finally {
      listener.requested(call(request), outcome, Duration.ofNanos(System.nanoTime() - begin));
    }
  }

  private static String call(Request request) {
    RequestTemplate template = request.requestTemplate();
    MethodMetadata method = template == null ? null : template.methodMetadata();
    return method == null ? OTHER : method.method().getName();
  }
}

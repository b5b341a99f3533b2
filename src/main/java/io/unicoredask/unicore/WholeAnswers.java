package io.unicoredask.unicore;

import feign.Client;
import feign.Request;
import feign.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Reads every answer to its end within the read timeout. The JDK's client only limits the time to
 * an answer's headers: a body that stops half-way would hold its reader for ever.
 */
final class WholeAnswers implements Client {

  private final Client delegate;

  WholeAnswers(Client delegate) {
    this.delegate = delegate;
  }

  @Override
  public Response execute(Request request, Request.Options options) throws IOException {
    Response answer = delegate.execute(request, options);
    AtomicBoolean late = new AtomicBoolean();
    try (InputStream body = answer.body().asInputStream()) {
      CompletableFuture<Void> deadline =
          CompletableFuture.runAsync(
              () -> {
                late.set(true);
                close(body);
              },
              CompletableFuture.delayedExecutor(
                  options.readTimeoutMillis(), TimeUnit.MILLISECONDS));
      try {
        byte[] bytes = body.readAllBytes();
        if (!late.get()) {
          return answer.toBuilder().body(bytes).build();
        }
      } catch (IOException e) {
        if (!late.get()) {
          throw e;
        }
      } finally {
        deadline.cancel(false);
      }
    }
    throw new HttpTimeoutException(
        "the answer began, but did not end within " + options.readTimeoutMillis() + " ms");
  }

  private static void close(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

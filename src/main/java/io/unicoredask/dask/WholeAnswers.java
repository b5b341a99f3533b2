package io.unicoredask.dask;

import feign.Client;
import feign.Request;
import feign.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Reads every answer to its end, within the read timeout in all and up to a size. The JDK's client
 * only limits the time to an answer's headers: a body that stops half-way, or comes a byte at a
 * time, would hold its reader for ever.
 */
final class WholeAnswers implements Client {

  /** An answer longer than any that a scheduler gives. */
  static final class TooLongException extends IOException {

    private static final long serialVersionUID = 1L;

    private TooLongException() {
      super("the answer is longer than %d MiB".formatted(MOST_BYTES >> 20));
    }
  }

  static final int MOST_BYTES = 16 << 20;

  private final Client delegate;

  WholeAnswers(Client delegate) {
    this.delegate = delegate;
  }

  @Override
  public Response execute(Request request, Request.Options options) throws IOException {
    long begin = System.nanoTime();
    Response answer = delegate.execute(request, options);
    long spent = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    long left = Math.max(1, options.readTimeoutMillis() - spent);
    CompletableFuture<byte[]> read = new CompletableFuture<>();
    try (InputStream body = answer.body().asInputStream()) {
      read.orTimeout(left, TimeUnit.MILLISECONDS)
          .whenComplete((bytes, late) -> closeIf(late != null, body));
      byte[] bytes = read(body);
      if (read.complete(bytes)) {
        return answer.toBuilder().body(bytes).build();
      }
    } catch (IOException | RuntimeException e) {
      // What is read from a stream that is closed meanwhile may be anything.
      if (read.complete(null)) {
        throw e;
      }
    }
    throw new HttpTimeoutException(
        "the answer began, but did not end within " + options.readTimeoutMillis() + " ms");
  }

  private static byte[] read(InputStream body) throws IOException {
    byte[] bytes = body.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw new TooLongException();
    }
    return bytes;
  }

  private static void closeIf(boolean late, InputStream body) {
    try {
      if (late) {
        body.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package io.unicoredask.unicore;

import feign.Client;
import feign.Request;
import feign.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpTimeoutException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads every answer to its end within the read timeout and a limit of its size. The JDK's client
 * only limits the time to an answer's headers: a body that stops half-way would hold its reader for
 * ever, and one that has no end would take all memory.
 */
final class WholeAnswers implements Client {

  /** The limit, unzipped, where no range says how much was asked for. */
  static final int MOST_BYTES = 16 * 1024 * 1024;

  /** What may come beyond a range, such as all of a small file from one who knows no ranges. */
  private static final int SLACK = 64 * 1024;

  private static final Pattern RANGE = Pattern.compile("bytes=(\\d*)-(\\d+)");

  private final Client delegate;
  private final SiteErrors errors;

  WholeAnswers(Client delegate, SiteErrors errors) {
    this.delegate = delegate;
    this.errors = errors;
  }

  @Override
  public Response execute(Request request, Request.Options options) throws IOException {
    Response answer = delegate.execute(request, options);
    if (answer.body() == null) { // as of a proxy that wants credentials
      return answer.toBuilder().body(new byte[0]).build();
    }
    CompletableFuture<byte[]> read = new CompletableFuture<>();
    try (InputStream body = answer.body().asInputStream()) {
      read.orTimeout(options.readTimeoutMillis(), TimeUnit.MILLISECONDS)
          .whenComplete((bytes, late) -> closeIf(late != null, body));
      int most = most(request);
      byte[] bytes = body.readNBytes(most + 1);
      if (read.complete(bytes)) {
        if (bytes.length > most) {
          throw errors.tooLarge(request, answer.status(), most);
        }
        return answer.toBuilder().body(bytes).build();
      }
    } catch (IOException e) {
      // What is read from a stream that is closed meanwhile may be anything.
      if (read.complete(null)) {
        throw e;
      }
    }
    throw new HttpTimeoutException(
        "the answer began, but did not end within " + options.readTimeoutMillis() + " ms");
  }

  private static int most(Request request) {
    return request.headers().getOrDefault("Range", List.of()).stream()
        .map(RANGE::matcher)
        .filter(Matcher::matches)
        .findFirst()
        .map(range -> (int) Math.min(MOST_BYTES, asked(range) + SLACK))
        .orElse(MOST_BYTES);
  }

  private static long asked(MatchResult range) {
    long last = Long.parseLong(range.group(2));
    return range.group(1).isEmpty() ? last : last - Long.parseLong(range.group(1)) + 1;
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

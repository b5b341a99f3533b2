package io.unicoredask.dask;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import feign.Client;
import feign.Feign;
import feign.FeignException;
import feign.Request;
import feign.RequestLine;
import feign.Response;
import feign.Retryer;
import feign.Util;
import feign.http2client.Http2Client;
import feign.jackson.JacksonEncoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** {@link SchedulerHttp} over HTTP/1.1; connections are kept open and shared by all instances. */
final class FeignSchedulerHttp implements SchedulerHttp {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  // Feign makes a client of its own where these settings are not those of its options
  private static final Client CLIENT =
      new WholeAnswers(
          new Http2Client(
              HttpClient.newBuilder()
                  .version(HttpClient.Version.HTTP_1_1)
                  .followRedirects(HttpClient.Redirect.NEVER)
                  .connectTimeout(CONNECT_TIMEOUT)
                  .proxy(HttpClient.Builder.NO_PROXY) // all of it is on this machine
                  .build()));

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  private final Routes routes;
  private final Supplier<Optional<String>> obstacle;

  FeignSchedulerHttp(URI base, Duration timeout, Supplier<Optional<String>> obstacle) {
    this.obstacle = obstacle;
    routes =
        Feign.builder()
            .client(CLIENT)
            .encoder(new JacksonEncoder(JSON))
            .decoder(FeignSchedulerHttp::decode)
            .retryer(Retryer.NEVER_RETRY)
            .options(
                new Request.Options(
                    CONNECT_TIMEOUT.toMillis(),
                    TimeUnit.MILLISECONDS,
                    timeout.toMillis(),
                    TimeUnit.MILLISECONDS,
                    false))
            .target(Routes.class, base.toString().replaceFirst("/+$", ""));
  }

  @Override
  public Counts counts() {
    return call(routes::counts);
  }

  @Override
  public Optional<List<SchedulerWorker>> workers() {
    return ifThere(routes::getWorkers).map(Workers::workers);
  }

  @Override
  public OptionalInt adaptiveTarget() {
    return ifThere(routes::adaptiveTarget).stream().mapToInt(Target::workers).findAny();
  }

  @Override
  public Optional<List<WorkerLoad>> loads() {
    Response page = call(routes::workersPage);
    String text = text(page);
    return page.status() == 200 ? WorkersPage.parse(text) : Optional.empty();
  }

  @Override
  public Optional<String> missingDashboard() {
    try {
      Response page = call(routes::dashboard);
      if (text(page).startsWith("<p>Dask needs")) {
        return Optional.of("the scheduler's Python has no bokeh, which Dask's dashboard needs");
      }
      return page.status() == 404
          ? Optional.of("the scheduler has no dashboard; was it started with --no-dashboard?")
          : Optional.empty();
    } catch (SchedulerHttpException e) {
      return Optional.empty();
    }
  }

  private static String text(Response response) {
    try (response) {
      return Util.toString(response.body().asReader(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // it was read before
    }
  }

  @Override
  public Set<String> retire(Collection<String> addresses) {
    if (addresses.isEmpty()) {
      return Set.of();
    }
    SchedulerHttpException refusal = null;
    try {
      call(() -> routes.retireWorkers(Map.of("workers", addresses)));
    } catch (SchedulerHttpException e) {
      // some versions answer 500 after having retired the workers
      if (e.status() != 500) {
        throw e;
      }
      refusal = e;
    }
    Set<String> gone = new LinkedHashSet<>(addresses);
    workers().orElseThrow().forEach(worker -> gone.remove(worker.address()));
    if (refusal != null && gone.isEmpty()) {
      throw refusal;
    }
    return gone;
  }

  private static Object decode(Response response, Type type) throws IOException {
    try (InputStream body = response.body().asInputStream()) {
      // unlike Feign's decoder this one takes no empty answer for null
      Object answer = JSON.readValue(body, JSON.constructType(type));
      if (answer == null) {
        throw new JsonMappingException(null, "the answer is null");
      }
      return answer;
    }
  }

  private <T> T call(Supplier<T> call) {
    try {
      return call.get();
    } catch (FeignException e) {
      throw SchedulerFailures.of(e, obstacle);
    }
  }

  private <T> Optional<T> ifThere(Supplier<T> call) {
    try {
      return Optional.of(call(call));
    } catch (SchedulerHttpException e) {
      if (e.status() == 404) {
        return Optional.empty();
      }
      throw e;
    }
  }

  interface Routes {

    @RequestLine("GET /json/counts.json")
    Counts counts();

    @RequestLine("GET /api/v1/get_workers")
    Workers getWorkers();

    @RequestLine("GET /api/v1/adaptive_target")
    Target adaptiveTarget();

    @RequestLine("GET /info/main/workers.html")
    Response workersPage();

    @RequestLine("GET /status")
    Response dashboard();

    @RequestLine("POST /api/v1/retire_workers")
    JsonNode retireWorkers(Map<String, ?> body);
  }

  private record Target(@JsonProperty(required = true) Integer workers) {}

  private record Workers(@JsonProperty(required = true) List<SchedulerWorker> workers) {}
}

package io.unicoredask.unicore;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import feign.Client;
import feign.Feign;
import feign.InvocationHandlerFactory;
import feign.Logger;
import feign.Request;
import feign.Retryer;
import feign.codec.Encoder;
import feign.http2client.Http2Client;
import feign.jackson.JacksonEncoder;
import feign.slf4j.Slf4jLogger;
import java.io.InterruptedIOException;
import java.lang.reflect.Method;
import java.net.http.HttpClient;
import java.time.Clock;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes clients of UNICORE sites. */
public final class UnicoreSites {

  private UnicoreSites() {}

  /** What can be asked of a site, by the names that a {@link SiteListener} is told. */
  public static Set<String> calls() {
    return Stream.concat(
            Arrays.stream(UnicoreApi.class.getDeclaredMethods()).map(Method::getName),
            Stream.of(HeardClient.OTHER))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Makes a client of one site. No request is made before its first method is called. Keep it: its
   * connections and its security session are reused from call to call, and it remembers a site that
   * does not answer. After five requests in a row without an answer it asks no more for five
   * seconds, and for up to thirty if that goes on; calls fail at once meanwhile.
   *
   * @param gate what every request passes
   */
  public static UnicoreSite connect(SiteSettings settings, RequestGate gate) {
    return new SiteAccess(settings, gate).own();
  }

  /** What all who use a site share: its connections, and what is known of whether it answers. */
  static Client transport(SiteSettings settings, RequestGate gate) {
    SiteErrors errors = new SiteErrors(settings);
    Client heard = new HeardClient(new WholeAnswers(http(settings, errors), errors), gate);
    return new Breaker(gated(gate, heard), errors, gate, System::nanoTime);
  }

  static UnicoreSite through(Client transport, SiteSettings settings) {
    SiteErrors errors = new SiteErrors(settings);
    Client client =
        settings.user() == null ? transport : new RefusedUsers(transport, errors, System::nanoTime);
    if (settings.tokenLifetime() == null) {
      return connect(settings, client, errors);
    }
    SecuritySessions once = new SecuritySessions(client, settings, errors, Clock.systemUTC());
    SiteSettings withToken =
        settings.showing(
            new SiteToken(
                settings.credential(),
                api(settings, once, errors)::token,
                settings.tokenLifetime(),
                Clock.systemUTC()));
    return connect(withToken, client, new SiteErrors(withToken));
  }

  private static UnicoreSite connect(SiteSettings settings, Client client, SiteErrors errors) {
    SecuritySessions sessions = new SecuritySessions(client, settings, errors, Clock.systemUTC());
    return new FeignUnicoreSite(settings, api(settings, sessions, errors), sessions);
  }

  /** The same, for as many requests as its callers make. */
  public static UnicoreSite connect(SiteSettings settings) {
    return connect(settings, RequestGate.OPEN);
  }

  private static Client gated(RequestGate gate, Client delegate) {
    return (request, options) -> {
      try {
        gate.pass();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted before the request was made");
      }
      return delegate.execute(request, options);
    };
  }

  /** Bytes are sent as they are, all else as JSON. */
  private static Encoder encoder(Encoder json) {
    Encoder bytes = new Encoder.Default();
    return (body, type, request) ->
        (body instanceof byte[] ? bytes : json).encode(body, type, request);
  }

  private static Client http(SiteSettings settings, SiteErrors errors) {
    return new ProxyAuthorization(
        new Http2Client(httpClient(settings)), settings.proxies(), errors);
  }

  private static HttpClient httpClient(SiteSettings settings) {
    HttpClient.Builder http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(settings.connectTimeout());
    if (settings.proxies().selector() != null) {
      http.proxy(settings.proxies().selector());
    }
    if (settings.ssl() != null) {
      http.sslContext(settings.ssl());
    }
    return http.build();
  }

  private static UnicoreApi api(
      SiteSettings settings, SecuritySessions sessions, SiteErrors errors) {
    JsonMapper json =
        JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addModule(PlainText.json())
            .build();
    return Feign.builder()
        .client(sessions)
        .encoder(encoder(new JacksonEncoder(json)))
        .decoder(new AnswerDecoder(json))
        .decodeVoid()
        .errorDecoder(errors)
        .retryer(Retryer.NEVER_RETRY)
        .options(
            new Request.Options(
                settings.connectTimeout().toMillis(),
                TimeUnit.MILLISECONDS,
                settings.readTimeout().toMillis(),
                TimeUnit.MILLISECONDS,
                false))
        .logger(new Slf4jLogger(UnicoreSite.class))
        .logLevel(Logger.Level.BASIC)
        .invocationHandlerFactory(errors.translating(new InvocationHandlerFactory.Default()))
        .target(UnicoreApi.class, settings.baseUrl().toString());
  }
}

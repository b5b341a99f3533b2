package io.unicoredask.unicore;

import feign.Client;
import feign.Request;
import feign.Response;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Authenticates every request: with the security session of an earlier answer as long as the site
 * keeps it, with the credential otherwise.
 */
final class SecuritySessions implements Client {

  private static final String SESSION = "X-UNICORE-SecuritySession";
  private static final String LIFETIME = "X-UNICORE-SecuritySession-Lifetime";
  private static final String PREFERENCES = "X-UNICORE-User-Preferences";

  private final Client delegate;
  private final SiteSettings settings;
  private final SiteErrors errors;
  private final Clock clock;
  private final AtomicReference<Session> current = new AtomicReference<>();

  /**
   * One that the site has opened.
   *
   * @param opener what the credential was that opened it; null where that does not matter
   */
  private record Session(String id, Instant end, Object opener) {

    @Override
    public String toString() {
      return "Session[end=%s]".formatted(end);
    }
  }

  SecuritySessions(Client delegate, SiteSettings settings, SiteErrors errors, Clock clock) {
    this.delegate = delegate;
    this.settings = settings;
    this.errors = errors;
    this.clock = clock;
  }

  @Override
  public Response execute(Request request, Request.Options options) throws IOException {
    Session session = current.get();
    Object opener = opener(request);
    if (session == null
        || !clock.instant().isBefore(session.end)
        || !Objects.equals(opener, session.opener)) {
      return authenticate(request, options, opener);
    }
    Response answer = delegate.execute(with(request, preferencesAnd(SESSION, session.id)), options);
    if (errors.isSessionGone(answer)) {
      current.compareAndSet(session, null);
      answer.close();
      return authenticate(request, options, opener);
    }
    if (errors.isRefused(answer)) {
      current.compareAndSet(session, null);
    }
    return answer;
  }

  /**
   * What opens sessions now, if it is somebody's own: one that is taken away, has expired or is
   * another by now keeps no session open that it has opened.
   */
  private Object opener(Request request) {
    try {
      return settings.user() == null ? null : settings.credential().state();
    } catch (CredentialException e) {
      current.set(null);
      throw errors.noCredential(request, e);
    }
  }

  /** The headers of full authentication. */
  Map<String, String> authentication() {
    return preferencesAnd("Authorization", settings.credential().authorization());
  }

  /** Authenticates in full again next time. */
  void end() {
    current.set(null);
  }

  /** Authenticates in full again next time, with another token if there can be one. */
  void forget() {
    end();
    settings.credential().renew();
  }

  private Response authenticate(Request request, Request.Options options, Object opener)
      throws IOException {
    Response answer = delegate.execute(with(request, authentication(request)), options);
    if (errors.isRefused(answer) && settings.credential().renew()) {
      answer.close();
      answer = delegate.execute(with(request, authentication(request)), options);
    }
    if (!errors.isError(answer)) {
      remember(answer, opener);
    }
    return answer;
  }

  private Map<String, String> authentication(Request request) {
    try {
      return authentication();
    } catch (CredentialException e) {
      throw errors.noCredential(request, e);
    }
  }

  private void remember(Response answer, Object opener) {
    String id = header(answer, SESSION);
    String lifetime = header(answer, LIFETIME);
    if (id != null && lifetime != null && lifetime.matches("\\d{1,15}")) {
      current.set(new Session(id, clock.instant().plusMillis(Long.parseLong(lifetime)), opener));
    }
  }

  private Map<String, String> preferencesAnd(String header, String value) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(header, value);
    if (settings.userPreferences() != null) {
      headers.put(PREFERENCES, settings.userPreferences());
    }
    return headers;
  }

  private static Request with(Request request, Map<String, String> authentication) {
    Map<String, Collection<String>> headers = new LinkedHashMap<>(request.headers());
    authentication.forEach((name, value) -> headers.put(name, List.of(value)));
    return Request.create(
        request.httpMethod(),
        request.url(),
        headers,
        request.body(),
        request.charset(),
        request.requestTemplate());
  }

  private static String header(Response answer, String name) {
    return answer.headers().getOrDefault(name, List.of()).stream().findFirst().orElse(null);
  }
}

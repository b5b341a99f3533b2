package io.unicoredask.unicore;

import feign.FeignException;
import feign.InvocationHandlerFactory;
import feign.Request;
import feign.Response;
import feign.RetryableException;
import feign.codec.ErrorDecoder;
import java.io.EOFException;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.net.SocketException;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * Makes every failure of a call a {@link UnicoreException} that says what can be done about it. The
 * only place that knows status codes.
 */
final class SiteErrors implements ErrorDecoder {

  private static final int SESSION_GONE = 432;

  /** What Java says of a proxy that answers 401 to CONNECT, as Tinyproxy does for a 407. */
  private static final String REFUSED_BY_PROXY = "Tunnel failed, got: 401";

  private static final String CREDENTIALS_FOR_PROXIES =
      "Give those that it takes as unicore-dask.proxy.username and unicore-dask.proxy.password-file;"
          + " if they are right, start Java with -Djdk.http.auth.tunneling.disabledSchemes= so that"
          + " it shows them";

  private static final Set<String> HUNG_UP =
      Set.of("Remote host terminated the handshake", "Remote host closed the channel");

  /** What a 500 says when the request, not the site, is at fault. */
  private static final Pattern OUR_FAULT =
      Pattern.compile(
          "JSONException|IllegalArgumentException|is not an allocation|Allocation is not active");

  private final String site;
  private final SiteProxies proxies;
  private final Credential credential;
  private final String user;
  private final Pattern job;
  private final Pattern file;

  SiteErrors(SiteSettings settings) {
    URI base = settings.baseUrl();
    this.site = settings.name();
    this.proxies = settings.proxies();
    this.credential = settings.credential();
    this.user = settings.user();
    this.job = Pattern.compile("(" + Pattern.quote(base + "/jobs/") + "[^/?]+)(/.*|\\?.*)?");
    this.file = Pattern.compile(Pattern.quote(base + "/storages/") + "[^/?]+/files/.+");
  }

  boolean isSessionGone(Response answer) {
    return answer.status() == SESSION_GONE;
  }

  boolean isRefused(Response answer) {
    return answer.status() == 403;
  }

  boolean isError(Response answer) {
    return answer.status() < 200 || answer.status() >= 300;
  }

  @Override
  public Exception decode(String methodKey, Response answer) {
    Request request = answer.request();
    Reason reason = Reason.of(answer);
    Matcher askedForJob = job.matcher(request.url());
    return switch (answer.status()) {
      case 403 ->
          user == null
              ? error(
                  answer,
                  false,
                  "refused",
                  reason,
                  "Check %s and this site's user preferences, and that what was asked for belongs to this user"
                      .formatted(credential.hint()))
              : refused(request, "refused" + said(reason));
      case 404 -> {
        if (reason.saidBy() == Reason.By.SITE && askedForJob.matches()) {
          yield new JobNotFoundException(site, URI.create(askedForJob.group(1)));
        }
        if (reason.saidBy() == Reason.By.SITE && file.matcher(request.url()).matches()) {
          yield new MissingFileException(
              site, request.httpMethod().name(), URI.create(request.url()));
        }
        // A Gateway forgets a site that is down and learns of it again; a job's URL was right once.
        yield error(
            answer,
            reason.saidBy() == Reason.By.GATEWAY && askedForJob.matches(),
            "nothing is there",
            reason,
            "Check the site's base URL, and that the site is up and known to its Gateway");
      }
      case 407 -> error(answer, false, notTaken(request), reason, CREDENTIALS_FOR_PROXIES);
      case 416 ->
          new ShortFileException(site, request.httpMethod().name(), URI.create(request.url()));
      case 429, SESSION_GONE -> error(answer, true, "not taken now", reason, "Try again later");
      case 503 ->
          error(
              answer,
              true,
              "the site is not available",
              reason,
              "Try again later; if it lasts, ask the site's operators whether UNICORE/X is up");
      default -> answer.status() >= 500 ? serverError(answer, reason) : clientError(answer, reason);
    };
  }

  private UnicoreException serverError(Response answer, Reason reason) {
    if (reason.saidBy() == Reason.By.SITE && OUR_FAULT.matcher(reason.text()).find()) {
      return error(
          answer,
          false,
          "the site could not take the request",
          reason,
          "Check the job description, and that an allocation is running when a job is put into it");
    }
    return error(
        answer,
        true,
        "the site failed",
        reason,
        "Try again later; if it lasts, ask the site's operators to look into its log");
  }

  private UnicoreException clientError(Response answer, Reason reason) {
    return error(
        answer,
        false,
        "the site does not understand the request",
        reason,
        "Check the job description, and that the base URL is that of a UNICORE site's core services");
  }

  /** Puts this room's own exceptions in place of Feign's. */
  InvocationHandlerFactory translating(InvocationHandlerFactory factory) {
    return (target, dispatch) -> {
      InvocationHandler handler = factory.create(target, dispatch);
      return (proxy, method, arguments) -> {
        try {
          return handler.invoke(proxy, method, arguments);
        } catch (RetryableException e) {
          throw unreachable(e.request(), e.getCause());
        } catch (FeignException e) {
          throw unreadable(e);
        }
      };
    };
  }

  UnicoreException noCredential(Request request, CredentialException e) {
    return user == null
        ? error(request, 0, e.isRetryable(), "no request was made", e.getMessage(), e)
        : new UserCredentialException(
            site, user, call(request) + " was not made", 0, e.isRetryable(), e.getMessage());
  }

  /** Of somebody whose credential the site has refused several times in a row. */
  UnicoreException refusedOfLate(Request request, int times) {
    return refused(
        request,
        "the site has refused it %d times in a row, so it is shown again in some seconds only"
            .formatted(times));
  }

  private UnicoreException refused(Request request, String what) {
    return new UserCredentialException(
        site,
        user,
        call(request),
        403,
        false,
        "%s. Check %s and this site's preferences for users, and that what was asked for belongs to this user"
            .formatted(what, credential.hint()));
  }

  private static String call(Request request) {
    return request.httpMethod().name() + " " + request.url();
  }

  UnicoreException tooLarge(Request request, int status, int most) {
    return nonsense(request, status, "more than " + most + " bytes", null);
  }

  UnicoreException notAsked(Request request, int failures, IOException last) {
    return error(
        request,
        0,
        true,
        "no answer: " + words(last),
        "The last %d requests had none, so this one was not made; in some seconds the site is asked"
                .formatted(failures)
            + " again. Check host and port of the base URL and the network",
        last);
  }

  UnicoreException unreachable(Request request, Throwable cause) {
    boolean tls = has(SSLException.class, cause);
    // the JDK tells a server that went away in the handshake by these texts only
    boolean cut =
        has(EOFException.class, cause)
            || has(SocketException.class, cause)
            || causes(cause).anyMatch(e -> HUNG_UP.contains(String.valueOf(e.getMessage())));
    if (tls && !cut) {
      return error(
          request,
          0,
          false,
          "no secure connection: " + words(cause),
          "Check that the base URL names the host as the site's certificate does, and that this"
              + " site's SSL bundle trusts the certificate's issuer",
          cause);
    }
    if (causes(cause).anyMatch(e -> REFUSED_BY_PROXY.equals(e.getMessage()))) {
      return error(request, 0, false, notTaken(request), CREDENTIALS_FOR_PROXIES, cause);
    }
    return error(
        request,
        0,
        true,
        "no answer: " + words(cause),
        proxies.to(URI.create(request.url())).isEmpty()
            ? "Check host and port of the base URL and the network, or try again later"
            : ("%s leads there: check that it is up, and that it allows CONNECT to host and port of"
                    + " the base URL, or try again later")
                .formatted(proxy(request)),
        cause);
  }

  private String notTaken(Request request) {
    return proxy(request) + " does not take our credentials";
  }

  private String proxy(Request request) {
    return proxies
        .to(URI.create(request.url()))
        .map(one -> "the proxy " + one)
        .orElse("a proxy on the way");
  }

  private UnicoreException unreadable(FeignException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return nonsense(e.request(), e.status(), words(cause), cause);
  }

  private UnicoreException nonsense(Request request, int status, String what, Throwable cause) {
    return error(
        request,
        status,
        true,
        "the answer makes no sense: " + what,
        "Check that the base URL is that of a UNICORE site's core services, and that no proxy"
            + " answers in its place",
        cause);
  }

  private UnicoreException error(
      Response answer, boolean retryable, String what, Reason said, String remedy) {
    return new UnicoreException(
        site,
        answer.request().httpMethod().name(),
        URI.create(answer.request().url()),
        answer.status(),
        retryable,
        what + said(said) + ". " + remedy,
        what + ". " + remedy + said(said),
        null);
  }

  private UnicoreException error(
      Request request, int status, boolean retryable, String what, String remedy, Throwable cause) {
    return new UnicoreException(
        site,
        request.httpMethod().name(),
        URI.create(request.url()),
        status,
        retryable,
        what + ". " + remedy,
        cause);
  }

  private static String said(Reason reason) {
    return reason.text().isEmpty() ? "" : " (" + reason.text() + ")";
  }

  private static boolean has(Class<? extends Throwable> type, Throwable error) {
    return causes(error).anyMatch(type::isInstance);
  }

  /** An error's kind and its innermost message, or kind: what the JDK wraps around says little. */
  static String words(Throwable error) {
    String kind = error.getClass().getSimpleName();
    String root = last(causes(error)).orElse(error).getClass().getSimpleName();
    return last(causes(error).map(Throwable::getMessage).filter(Objects::nonNull))
        .flatMap(message -> message.lines().findFirst())
        .map(message -> kind + ": " + PlainText.line(message))
        .orElse(kind.equals(root) ? kind : kind + " (" + root + ")");
  }

  private static <T> Optional<T> last(Stream<T> all) {
    return all.reduce((earlier, later) -> later);
  }

  private static Stream<Throwable> causes(Throwable error) {
    return Stream.iterate(error, e -> e != null, Throwable::getCause);
  }
}

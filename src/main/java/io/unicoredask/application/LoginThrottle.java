package io.unicoredask.application;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Answers 429 for a while to an address from which a user's password was guessed wrong too often.
 * The engine itself would lock the user out, wherever they are.
 */
class LoginThrottle extends OncePerRequestFilter {

  /** How often one user's password may be wrong from one address within {@link #WINDOW}. */
  static final int WRONG_FOR_ONE_USER = 10;

  /** How often passwords may be wrong from one address, whoever's they are. */
  static final int WRONG_IN_ALL = 100;

  /** How long after the last of them the address has to wait. */
  static final Duration WINDOW = Duration.ofMinutes(1);

  private static final int MOST_CALLERS = 100_000;
  private static final String LOGIN = "/auth/user/";
  private static final int LONGEST_NAME = 100;

  private record Caller(String address, String user) {}

  private final Cache<Caller, AtomicInteger> wrong;

  LoginThrottle(Ticker ticker) {
    this.wrong =
        Caffeine.newBuilder()
            .ticker(ticker)
            .expireAfterAccess(WINDOW)
            .maximumSize(MOST_CALLERS)
            .build();
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (authorization == null && !request.getRequestURI().contains(LOGIN)) {
      chain.doFilter(request, response);
      return;
    }
    Caller user = new Caller(request.getRemoteAddr(), user(authorization));
    Caller all = new Caller(request.getRemoteAddr(), null);
    if (times(user) >= WRONG_FOR_ONE_USER || times(all) >= WRONG_IN_ALL) {
      response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(WINDOW.toSeconds()));
      response.sendError(
          HttpStatus.TOO_MANY_REQUESTS.value(),
          "too many wrong passwords from this address; wait for a minute");
      return;
    }
    chain.doFilter(request, response);
    if (response.getStatus() == HttpStatus.UNAUTHORIZED.value()) {
      wrong.get(user, first -> new AtomicInteger()).incrementAndGet();
      wrong.get(all, first -> new AtomicInteger()).incrementAndGet();
    }
  }

  /** What is asked again while the address waits does not make it wait longer. */
  private int times(Caller caller) {
    AtomicInteger times = wrong.policy().getIfPresentQuietly(caller);
    return times == null ? 0 : times.get();
  }

  /** The user of HTTP Basic; empty for the login of the web applications, or if it is no Basic. */
  private static String user(String authorization) {
    if (authorization == null || !authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
      return "";
    }
    try {
      byte[] pair = Base64.getDecoder().decode(authorization.substring(6).strip());
      String user = new String(pair, StandardCharsets.UTF_8).split(":", 2)[0];
      return user.length() > LONGEST_NAME ? user.substring(0, LONGEST_NAME) : user;
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}

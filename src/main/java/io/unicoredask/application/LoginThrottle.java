package io.unicoredask.application;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.UrlPathHelper;

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

  /** Of the web applications. */
  private static final String LOGIN = "/auth/user/";

  /** Tells those who may read a user whether that is the user's password. */
  private static final String VERIFY = "/identity/verify";

  private static final int NETWORK_BYTES = 8;
  private static final int LONGEST_NAME = 100;

  /** What is none is looked up as a host name. */
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F]*:[0-9a-fA-F:.]*(%.*)?");

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
    String path = UrlPathHelper.defaultInstance.getPathWithinApplication(request);
    boolean verifies = path.contains(VERIFY);
    if (authorization == null && !verifies && !path.contains(LOGIN)) {
      chain.doFilter(request, response);
      return;
    }
    String address = network(request.getRemoteAddr());
    Caller user = new Caller(address, verifies ? VERIFY : user(authorization));
    Caller all = new Caller(address, null);
    if (times(user) >= WRONG_FOR_ONE_USER || times(all) >= WRONG_IN_ALL) {
      response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(WINDOW.toSeconds()));
      response.sendError(
          HttpStatus.TOO_MANY_REQUESTS.value(),
          "too many wrong passwords from this address; wait for a minute");
      return;
    }
    chain.doFilter(request, response);
    if (verifies || response.getStatus() == HttpStatus.UNAUTHORIZED.value()) {
      wrong.get(user, first -> new AtomicInteger()).incrementAndGet();
      wrong.get(all, first -> new AtomicInteger()).incrementAndGet();
    }
  }

  /** What is asked again while the address waits does not make it wait longer. */
  private int times(Caller caller) {
    AtomicInteger times = wrong.policy().getIfPresentQuietly(caller);
    return times == null ? 0 : times.get();
  }

  /** Whoever has one IPv6 address has the others of its network, too. */
  private static String network(String address) {
    if (!IPV6.matcher(address).matches()) {
      return address;
    }
    try {
      byte[] bytes = InetAddress.getByName(address.replaceFirst("%.*", "")).getAddress();
      return bytes.length == Integer.BYTES
          ? address
          : HexFormat.of().formatHex(bytes, 0, NETWORK_BYTES);
    } catch (UnknownHostException e) {
      return address;
    }
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

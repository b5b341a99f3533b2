package io.unicoredask;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A login at one of the web applications, as their own form makes it. */
final class Login {

  private Login() {}

  /** What a browser then has. */
  static List<HttpCookie> cookies(String application, String user, String password) {
    CookieManager cookies = new CookieManager();
    HttpClient http = HttpClient.newBuilder().cookieHandler(cookies).build();
    String camunda = application.replaceFirst("/app/.*", "");
    String name = application.replaceFirst(".*/app/", "");
    HttpRequest page = HttpRequest.newBuilder(URI.create(application + "/default/")).build();
    HttpRequest.Builder login =
        HttpRequest.newBuilder(URI.create(camunda + "/api/admin/auth/user/default/login/" + name))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "username=%s&password=%s".formatted(encoded(user), encoded(password))));
    try {
      http.send(page, BodyHandlers.discarding());
      HttpResponse<String> answer =
          http.send(login.header("X-XSRF-TOKEN", token(cookies)).build(), BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      http.send(page, BodyHandlers.discarding());
      return cookies.getCookieStore().getCookies();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String token(CookieManager cookies) {
    return cookies.getCookieStore().getCookies().stream()
        .filter(cookie -> cookie.getName().equals("XSRF-TOKEN"))
        .map(HttpCookie::getValue)
        .findFirst()
        .orElseThrow();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}

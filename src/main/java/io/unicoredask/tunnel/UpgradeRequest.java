package io.unicoredask.tunnel;

import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The request that turns an HTTP connection to a site into one to a service. */
final class UpgradeRequest {

  static final String PROTOCOL = "UNICORE-Socket-Forwarding";

  private UpgradeRequest() {}

  /** Asks for the authentication, which may block. */
  static HttpRequest to(Forwarding target) {
    URI endpoint = target.endpoint();
    String path = endpoint.getRawPath().isEmpty() ? "/" : endpoint.getRawPath();
    String query =
        "?port="
            + target.port()
            + "&host="
            + URLEncoder.encode(target.host(), StandardCharsets.UTF_8);
    HttpRequest request =
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path + query);
    target.authentication().get().forEach((name, value) -> authenticate(request, name, value));
    // The Gateway takes nothing but this one word; with "keep-alive, Upgrade" it answers 503.
    request.headers().set(HttpHeaderNames.CONNECTION, "Upgrade");
    request.headers().set(HttpHeaderNames.UPGRADE, PROTOCOL);
    request.headers().set(HttpHeaderNames.HOST, endpoint.getRawAuthority());
    request.headers().set(HttpHeaderNames.ACCEPT, "*/*");
    return request;
  }

  static void authenticate(HttpRequest request, String name, String value) {
    try {
      request.headers().set(name, value);
    } catch (IllegalArgumentException | NullPointerException e) {
      // Without the cause, which may quote the secret.
      throw new IllegalStateException(
          "the value supplied for the header %s is not one that HTTP allows".formatted(name));
    }
  }
}

package io.unicoredask.localsite;

import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Netty's requests as ours. */
final class HttpRequests {
  private final String siteName;
  private final String scheme;
  private final Gateway gateway;

  HttpRequests(String siteName, String scheme, Gateway gateway) {
    this.siteName = siteName;
    this.scheme = scheme;
    this.gateway = gateway;
  }

  /**
   * Reads a request.
   *
   * @throws HttpProblem 404 if it is not for something below this site's {@code rest/core}, 503 if
   *     the Gateway is in the mood for that
   */
  Request read(HttpRequest http, byte[] body) {
    Map<String, String> headers = new LinkedHashMap<>();
    http.headers()
        .forEach(
            header -> headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
    String host = headers.getOrDefault("host", "localhost");
    gateway.requireAvailable(scheme + "://" + host + http.uri());
    QueryStringDecoder uri = new QueryStringDecoder(http.uri());
    List<String> path = new ArrayList<>();
    for (String part : uri.path().split("/")) {
      if (!part.isEmpty()) {
        path.add(part);
      }
    }
    if (path.isEmpty() || !path.get(0).equals(siteName)) {
      throw new HttpProblem(noSuchSite(scheme + "://" + host + http.uri()));
    }
    if (path.size() < 3 || !path.get(1).equals("rest") || !path.get(2).equals("core")) {
      Answer none =
          Answer.text(
              "text/html;charset=utf-8", "<html><body>No service was found.</body></html>\n");
      throw new HttpProblem(new Answer(404, none.headers(), none.body(), null, false));
    }
    Map<String, String> query = new LinkedHashMap<>();
    uri.parameters().forEach((name, values) -> query.put(name, values.get(0)));
    return new Request(
        http.method().name(),
        List.copyOf(path.subList(3, path.size())),
        query,
        headers,
        body,
        scheme + "://" + host + "/" + siteName + "/rest/core",
        Caller.ANONYMOUS);
  }

  private static Answer noSuchSite(String url) {
    byte[] body =
        Json.bytes(
            Json.object()
                .put("message", "Could not find the requested resource.")
                .put("url", url)
                .put("status", "404"));
    return Answer.of(404, "application/json", body)
        .with("Cache-Control", "must-revalidate,no-cache,no-store")
        .outsideSession();
  }
}

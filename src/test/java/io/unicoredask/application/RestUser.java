package io.unicoredask.application;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * Somebody who calls the engine's REST API.
 *
 * @param login {@code name:password}; null for a stranger
 */
record RestUser(int port, String login) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String START = "/process-definition/key/dask-cluster/start";

  /** One of {@link People}. */
  static RestUser of(int port, String name) {
    return of(port, name, People.password(name));
  }

  static RestUser of(int port, String name, String password) {
    return new RestUser(port, name + ":" + password);
  }

  HttpResponse<String> get(String path) throws Exception {
    return send(request(path));
  }

  HttpResponse<String> post(String path, Object body) throws Exception {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body))));
  }

  /** Starts a cluster; the pairs are its variables. */
  HttpResponse<String> start(Object... pairs) throws Exception {
    return post(START, Map.of("variables", variables(pairs)));
  }

  /** Starts a cluster with a business key. */
  HttpResponse<String> startAs(String businessKey, Object... pairs) throws Exception {
    return post(START, Map.of("businessKey", businessKey, "variables", variables(pairs)));
  }

  HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/engine-rest" + path));
    return login == null
        ? request
        : request.header(
            "Authorization",
            "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
  }

  static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  static Map<String, ?> variables(Object... pairs) {
    Map<String, Object> variables = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      variables.put((String) pairs[i], Map.of("value", pairs[i + 1]));
    }
    return variables;
  }

  static JsonNode ok(HttpResponse<String> answer) throws IOException {
    assertThat(answer.statusCode()).as(answer.body()).isIn(200, 204);
    return JSON.readTree(answer.body());
  }
}

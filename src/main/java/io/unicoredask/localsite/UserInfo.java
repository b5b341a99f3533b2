package io.unicoredask.localsite;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** Tokens of an OIDC provider, which is asked whose they are. */
final class UserInfo {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Users users;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private volatile URI provider;

  UserInfo(Users users) {
    this.users = users;
  }

  void ask(URI userInfo) {
    provider = userInfo;
  }

  boolean isKnown() {
    return provider != null;
  }

  /** Whose token it is; nothing if the provider does not say, or somebody whom we do not know. */
  Optional<Caller> caller(String token) {
    try {
      HttpResponse<byte[]> answer =
          http.send(
              HttpRequest.newBuilder(provider)
                  .timeout(PATIENCE)
                  .header("Authorization", "Bearer " + token)
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      String user =
          answer.statusCode() == 200 ? JSON.readTree(answer.body()).path("sub").asText() : "";
      return users.knows(user) ? Optional.of(new Caller(user, "OAUTH", true)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}

package io.unicoredask;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An OIDC provider on loopback with one client. It knows its secret, gives tokens for the client
 * itself and for refresh tokens, each of which it takes once, and says whose a token is.
 */
public final class OidcProvider implements AutoCloseable {

  public static final String CLIENT = "a client";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final ECKey key;
  private final String secret;
  private final Map<String, String> refreshTokens = new ConcurrentHashMap<>();
  private final List<String> issued = new CopyOnWriteArrayList<>();
  private final List<Map<String, String>> requests = new CopyOnWriteArrayList<>();

  /** The user that tokens are for which the client asks for in its own name. */
  public volatile String clientsUser = "demouser";

  public volatile InstantSource clock = InstantSource.system();
  public volatile Duration lifetime = Duration.ofMinutes(5);
  public volatile String audience;

  /** What it answers to everything; null for what is right. */
  public volatile Answer instead;

  /** An answer that is not a token. */
  public record Answer(int status, String body) {}

  public OidcProvider(String secret) {
    this.secret = secret;
    try {
      key = new ECKeyGenerator(Curve.P_256).generate();
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException | JOSEException e) {
      throw new IllegalStateException(e);
    }
    server.createContext("/token", this::token);
    server.createContext("/userinfo", this::userInfo);
    server.start();
  }

  public URI tokenUri() {
    return url("/token");
  }

  public URI userInfo() {
    return url("/userinfo");
  }

  private URI url(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  /** As a user gets it who has logged in. */
  public String refreshToken(String user) {
    String token = "refresh-" + UUID.randomUUID();
    refreshTokens.put(token, user);
    issued.add(token);
    return token;
  }

  /** All tokens that it gave, refresh tokens among them. */
  public List<String> issued() {
    return List.copyOf(issued);
  }

  /** The parameters of all requests for a token. */
  public List<Map<String, String>> requests() {
    return new ArrayList<>(requests);
  }

  private void token(HttpExchange exchange) throws IOException {
    Map<String, String> form = form(exchange);
    requests.add(form);
    if (instead != null) {
      answer(exchange, instead.status, instead.body);
    } else if (!isClient(exchange, form)) {
      answer(
          exchange,
          401,
          "{\"error\": \"invalid_client\", \"error_description\": \"no, not "
              + exchange.getRequestHeaders().getFirst("Authorization")
              + "\"}");
    } else if ("client_credentials".equals(form.get("grant_type"))) {
      give(exchange, clientsUser, null);
    } else {
      String user = refreshTokens.remove(form.getOrDefault("refresh_token", ""));
      if (user == null) {
        answer(
            exchange,
            400,
            "{\"error\": \"invalid_grant\", \"error_description\": \"used: "
                + form.get("refresh_token")
                + "\"}");
      } else {
        give(exchange, user, refreshToken(user));
      }
    }
  }

  private boolean isClient(HttpExchange exchange, Map<String, String> form) {
    String basic = exchange.getRequestHeaders().getFirst("Authorization");
    if (basic == null) {
      return secret == null && CLIENT.equals(form.get("client_id"));
    }
    String[] pair =
        new String(Base64.getDecoder().decode(basic.replaceFirst("Basic ", ""))).split(":", 2);
    return decoded(pair[0]).equals(CLIENT) && decoded(pair[1]).equals(secret);
  }

  private void give(HttpExchange exchange, String user, String refresh) throws IOException {
    Map<String, Object> answer = new HashMap<>();
    String access = accessToken(user);
    issued.add(access);
    answer.put("access_token", access);
    answer.put("token_type", "Bearer");
    answer.put("expires_in", lifetime.toSeconds());
    if (refresh != null) {
      answer.put("refresh_token", refresh);
    }
    answer(exchange, 200, JSON.writeValueAsString(answer));
  }

  private String accessToken(String user) {
    try {
      SignedJWT token =
          new SignedJWT(
              new JWSHeader(JWSAlgorithm.ES256),
              new JWTClaimsSet.Builder()
                  .subject(user)
                  .issuer(tokenUri().toString())
                  .jwtID(UUID.randomUUID().toString())
                  .audience(audience)
                  .expirationTime(Date.from(clock.instant().plus(lifetime)))
                  .build());
      token.sign(new ECDSASigner(key));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private void userInfo(HttpExchange exchange) throws IOException {
    try {
      SignedJWT token =
          SignedJWT.parse(
              exchange.getRequestHeaders().getFirst("Authorization").replaceFirst("Bearer ", ""));
      if (token.verify(new ECDSAVerifier(key))
          && token.getJWTClaimsSet().getExpirationTime().after(Date.from(clock.instant()))) {
        answer(
            exchange,
            200,
            JSON.writeValueAsString(Map.of("sub", token.getJWTClaimsSet().getSubject())));
        return;
      }
    } catch (ParseException | JOSEException e) {
      // none of ours
    }
    answer(exchange, 401, "{\"error\": \"invalid_token\"}");
  }

  private static Map<String, String> form(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
    Map<String, String> form = new HashMap<>();
    for (String pair : body.split("&")) {
      String[] parts = pair.split("=", 2);
      form.put(decoded(parts[0]), parts.length < 2 ? "" : decoded(parts[1]));
    }
    return form;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

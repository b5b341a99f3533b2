package io.unicoredask.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.File;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServer;

/** A body that comes slowly keeps its thread for a while, and no longer. */
class SlowBodyValveTest {

  private static final int MANY = 500;
  private static final int PAUSE_MILLIS = 20;
  private static final int GRACE_MILLIS = 200;
  private static final String FORM = "Content-Type: application/x-www-form-urlencoded\r\n";

  private static WebServer server;

  /** Each path has its own way with a body. */
  @SuppressWarnings("serial")
  private static final class Resources extends HttpServlet {
    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      switch (request.getRequestURI()) {
        case "/refuses" -> response.sendError(401);
        case "/stream" -> tell(response, request.getInputStream().readAllBytes().length);
        case "/reader" -> tell(response, request.getReader().lines().count());
        case "/parameters" -> tell(response, request.getParameterMap().size());
        default -> response.sendError(404);
      }
    }

    private static void tell(HttpServletResponse response, long size) throws IOException {
      response.getWriter().print("read " + size);
    }
  }

  @BeforeAll
  static void start(@TempDir File directory) {
    TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
    factory.setBaseDirectory(directory);
    WebProtection.breakOffSlowBodies(factory, Duration.ofMillis(GRACE_MILLIS));
    server =
        factory.getWebServer(
            context -> context.addServlet("resources", new Resources()).addMapping("/*"));
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/refuses", "/stream", "/reader", "/parameters", "/nothing-here"})
  void aByteNowAndThenIsBrokenOffHoweverTheBodyIsRead(String path) throws Exception {
    try (Socket client = post(path, FORM + "Content-Length: %d\r\n".formatted(MANY))) {
      trickle(client, "x");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/refuses", "/stream"})
  void soAreChunksOfAByte(String path) throws Exception {
    try (Socket client = post(path, "Transfer-Encoding: chunked\r\n")) {
      trickle(client, "1\r\nx\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1;", "0\r\nTrailer: "})
  void soIsWhatStandsAroundChunks(String around) throws Exception {
    try (Socket client = post("/stream", "Transfer-Encoding: chunked\r\n")) {
      send(client, around);
      trickle(client, "x");
    }
  }

  @Test
  void whoIsBrokenOffIsToldSo() throws Exception {
    try (Socket client = post("/stream", "Content-Length: %d\r\n".formatted(MANY))) {
      // Whoever sends on after the end may not get to see the answer.
      assertThat(trickle(client, "x", 150 * PAUSE_MILLIS)).startsWith("HTTP/1.1 4");
    }
  }

  @Test
  void whoIsRefusedAndSendsAllGoesOnWithTheConnection() throws Exception {
    int size = SlowBodyValve.MOST_DRAINED;
    try (Socket client = new Socket("localhost", server.getPort())) {
      send(client, head("/refuses", "Content-Length: %d\r\n".formatted(size)) + "x".repeat(size));
      assertThat(answer(client)).startsWith("HTTP/1.1 401").doesNotContain("Connection: close");

      send(client, head("/stream", "Transfer-Encoding: chunked\r\n") + "3\r\nabc\r\n0\r\n\r\n");
      assertThat(answer(client)).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void whoIsRefusedIsNotAskedForABodyAnyMore() throws Exception {
    try (Socket client = post("/refuses", "Content-Length: 10\r\nExpect: 100-continue\r\n")) {
      assertThat(statusOf(client)).isEqualTo(401);
    }
  }

  @Test
  void whatComesFastEnoughIsReadHoweverLongItTakes() throws Exception {
    String body = "x".repeat(4_000_000);
    String length = "Content-Length: %d\r\n".formatted(body.length() + 1);
    try (Socket client = new Socket("localhost", server.getPort())) {
      send(client, head("/stream", length) + body);
      client.setSoTimeout(2 * GRACE_MILLIS);
      assertThatExceptionOfType(SocketTimeoutException.class)
          .isThrownBy(client.getInputStream()::read);
      client.setSoTimeout(0);
      send(client, "x");
      assertThat(answer(client)).startsWith("HTTP/1.1 200");
    }
  }

  private static Socket post(String path, String headers) throws IOException {
    Socket client = new Socket("localhost", server.getPort());
    send(client, head(path, headers));
    return client;
  }

  /** What of a body is sent with it is there when the server begins to wait. */
  private static String head(String path, String headers) {
    return "POST %s HTTP/1.1\r\nHost: x\r\n%s\r\n".formatted(path, headers);
  }

  private static void send(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Sends it again and again until the connection ends; returns what was answered. */
  private static String trickle(Socket client, String piece) throws IOException {
    return trickle(client, piece, PAUSE_MILLIS);
  }

  private static String trickle(Socket client, String piece, int pauseMillis) throws IOException {
    StringBuilder answer = new StringBuilder();
    client.setSoTimeout(pauseMillis);
    for (int sent = 0; sent < MANY; sent++) {
      try {
        send(client, piece);
        for (int next; (next = client.getInputStream().read()) >= 0; ) {
          answer.append((char) next);
        }
        return answer.toString();
      } catch (SocketTimeoutException e) {
        // That was the pause.
      } catch (IOException e) {
        return answer.toString();
      }
    }
    throw new AssertionError("all that was trickled was taken, and answered with " + answer);
  }

  private static int statusOf(Socket client) throws IOException {
    return Integer.parseInt(answer(client).split(" ")[1]);
  }

  /** Its head, and its body as far as it is there. */
  private static String answer(Socket client) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      int next = client.getInputStream().read();
      assertThat(next).as(text.toString()).isNotNegative();
      text.append((char) next);
    }
    int length = text.indexOf("Content-Length: ");
    if (length >= 0) {
      String size = text.substring(length + "Content-Length: ".length()).lines().findFirst().get();
      text.append(new String(client.getInputStream().readNBytes(Integer.parseInt(size))));
    }
    return text.toString();
  }
}

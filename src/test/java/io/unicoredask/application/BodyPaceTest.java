package io.unicoredask.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** A body that comes slowly keeps its thread for a while, and no longer. */
class BodyPaceTest {

  private Duration now = Duration.ZERO;
  private final BodyPace pace = new BodyPace(() -> now.toNanos());

  @Test
  void aByteNowAndThenIsBrokenOff() {
    assertThatIOException()
        .isThrownBy(() -> upload(1000, 1, Duration.ofSeconds(9)))
        .withMessage("the body of the request comes too slowly: 2 bytes in 18 s");
  }

  @Test
  void aSmallBodyMayTakeAWhile() throws Exception {
    assertThat(upload(14, 1, Duration.ofSeconds(1))).isEqualTo(14);
  }

  @Test
  void aLargeOneMayTakeLongOverASlowLine() throws Exception {
    assertThat(upload(4_000_000, 20_000, Duration.ofSeconds(10))).isEqualTo(4_000_000);
    assertThat(now).isGreaterThan(Duration.ofMinutes(30));
  }

  /** Returns how many bytes came. */
  private int upload(int size, int atOnce, Duration pause) throws Exception {
    MockHttpServletRequest request = new MockHttpServletRequest("POST", "/engine-rest/task");
    request.setContent(new byte[size]);
    int[] read = new int[1];
    FilterChain slow =
        (paced, response) -> read[0] = readAll(paced.getInputStream(), atOnce, pause);
    pace.doFilter(request, new MockHttpServletResponse(), slow);
    return read[0];
  }

  private int readAll(ServletInputStream body, int atOnce, Duration pause) throws IOException {
    int all = 0;
    byte[] buffer = new byte[atOnce];
    while (true) {
      now = now.plus(pause);
      int read = atOnce == 1 ? Math.min(1, body.read() + 1) : body.read(buffer);
      if (read <= 0) {
        return all;
      }
      all += read;
    }
  }
}

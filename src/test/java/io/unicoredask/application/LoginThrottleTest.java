package io.unicoredask.application;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** Who guesses passwords has to wait; nobody else does. */
class LoginThrottleTest {

  private static final String RIGHT = "right";

  private Duration now = Duration.ZERO;
  private final LoginThrottle throttle = new LoginThrottle(() -> now.toNanos());

  @Test
  void afterTooManyWrongPasswordsTheAddressHasToWaitForThatUser() throws Exception {
    guess(LoginThrottle.WRONG_FOR_ONE_USER, "10.0.0.1", "alice");

    MockHttpServletResponse refused = login("10.0.0.1", "alice", RIGHT);
    assertThat(refused.getStatus()).isEqualTo(429);
    assertThat(refused.getHeader("Retry-After")).isEqualTo("60");
    assertThat(login("10.0.0.1", "bob", RIGHT).getStatus()).isEqualTo(200);
    assertThat(login("10.0.0.2", "alice", RIGHT).getStatus()).isEqualTo(200);
  }

  @Test
  void theWaitIsOverAMinuteAfterTheLastGuessHoweverOftenItIsAskedAgain() throws Exception {
    guess(LoginThrottle.WRONG_FOR_ONE_USER, "10.0.0.1", "alice");
    now = now.plusSeconds(59);
    assertThat(login("10.0.0.1", "alice", RIGHT).getStatus()).isEqualTo(429);

    now = now.plusSeconds(2);
    assertThat(login("10.0.0.1", "alice", RIGHT).getStatus()).isEqualTo(200);
  }

  @Test
  void whoTriesManyUsersHasToWaitForAll() throws Exception {
    for (int user = 0; user < LoginThrottle.WRONG_IN_ALL; user++) {
      assertThat(login("10.0.0.1", "user" + user, "wrong").getStatus()).isEqualTo(401);
    }

    assertThat(login("10.0.0.1", "alice", RIGHT).getStatus()).isEqualTo(429);
    assertThat(login("10.0.0.2", "alice", RIGHT).getStatus()).isEqualTo(200);
  }

  @Test
  void rightPasswordsAreNotCounted() throws Exception {
    for (int i = 0; i < 2 * LoginThrottle.WRONG_IN_ALL; i++) {
      assertThat(login("10.0.0.1", "alice", RIGHT).getStatus()).isEqualTo(200);
    }
  }

  @Test
  void theLoginOfTheWebApplicationsIsCountedToo() throws Exception {
    for (int i = 0; i < LoginThrottle.WRONG_FOR_ONE_USER; i++) {
      assertThat(onPage().getStatus()).isEqualTo(401);
    }

    assertThat(onPage().getStatus()).isEqualTo(429);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/camunda/api/admin/%61uth/user/default/login/cockpit",
        "/camunda/api/admin/auth;x=y/user/default/login/cockpit",
        "/camunda/api/admin//auth//user/default/login/cockpit"
      })
  void howeverItIsWritten(String path) throws Exception {
    for (int i = 0; i < LoginThrottle.WRONG_FOR_ONE_USER; i++) {
      assertThat(send(request("10.0.0.1", path)).getStatus()).isEqualTo(401);
    }

    assertThat(send(request("10.0.0.1", path)).getStatus()).isEqualTo(429);
  }

  @Test
  void whoAsksWhetherAPasswordIsRightGuessesToo() throws Exception {
    for (int i = 0; i < LoginThrottle.WRONG_FOR_ONE_USER; i++) {
      assertThat(verify().getStatus()).isEqualTo(200);
    }

    assertThat(verify().getStatus()).isEqualTo(429);
    assertThat(login("10.0.0.1", "alice", RIGHT).getStatus()).isEqualTo(200);
  }

  private MockHttpServletResponse verify() throws Exception {
    MockHttpServletRequest request = request("10.0.0.1", "/engine-rest/identity/verify");
    request.setAttribute("password", RIGHT);
    return send(request);
  }

  @ParameterizedTest
  @CsvSource({
    "2001:db8::1, 2001:db8:0:0:1:2:3:4, 429",
    "2001:db8::1, 2001:db8:0:1::1, 200",
    "fe80::1%eth0, fe80::2%eth0, 429",
    "::ffff:10.0.0.1, ::ffff:10.0.0.2, 200",
    "10.0.0.1, 10.0.0.2, 200",
    "unknown, _hidden, 200"
  })
  void allAddressesOfAnIpv6NetworkAreOne(String guessing, String other, int status)
      throws Exception {
    guess(LoginThrottle.WRONG_FOR_ONE_USER, guessing, "alice");

    assertThat(login(guessing, "alice", RIGHT).getStatus()).isEqualTo(429);
    assertThat(login(other, "alice", RIGHT).getStatus()).isEqualTo(status);
  }

  @Test
  void whoHasNoLoginYetGuessesNothing() throws Exception {
    for (int i = 0; i < 2 * LoginThrottle.WRONG_IN_ALL; i++) {
      assertThat(send(request("10.0.0.1", "/engine-rest/task")).getStatus()).isEqualTo(401);
    }
    assertThat(login("10.0.0.1", "alice", RIGHT).getStatus()).isEqualTo(200);
  }

  @Test
  void nonsenseIsNoUserOfItsOwn() throws Exception {
    for (int i = 0; i < LoginThrottle.WRONG_FOR_ONE_USER; i++) {
      MockHttpServletRequest request = request("10.0.0.1", "/engine-rest/task");
      request.addHeader("Authorization", "Basic !" + i);
      assertThat(send(request).getStatus()).isEqualTo(401);
    }
    MockHttpServletRequest request = request("10.0.0.1", "/engine-rest/task");
    request.addHeader("Authorization", "Basic ?");
    assertThat(send(request).getStatus()).isEqualTo(429);
  }

  private void guess(int times, String address, String user) throws Exception {
    for (int i = 0; i < times; i++) {
      assertThat(login(address, user, "wrong" + i).getStatus()).isEqualTo(401);
    }
  }

  private MockHttpServletResponse login(String address, String user, String password)
      throws Exception {
    MockHttpServletRequest request = request(address, "/engine-rest/task");
    byte[] pair = (user + ":" + password).getBytes();
    request.addHeader("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
    request.setAttribute("password", password);
    return send(request);
  }

  private MockHttpServletResponse onPage() throws Exception {
    return send(request("10.0.0.1", "/camunda/api/admin/auth/user/default/login/cockpit"));
  }

  private static MockHttpServletRequest request(String address, String path) {
    MockHttpServletRequest request = new MockHttpServletRequest("POST", path);
    request.setRemoteAddr(address);
    return request;
  }

  private MockHttpServletResponse send(MockHttpServletRequest request) throws Exception {
    MockHttpServletResponse response = new MockHttpServletResponse();
    response.setStatus(RIGHT.equals(request.getAttribute("password")) ? 200 : 401);
    throttle.doFilter(request, response, new MockFilterChain());
    return response;
  }
}

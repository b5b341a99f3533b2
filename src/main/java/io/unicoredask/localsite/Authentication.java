package io.unicoredask.localsite;

import io.unicoredask.localsite.Sessions.Session;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** Finds out who asks, from the headers, and opens the sessions. */
final class Authentication {
  static final String SESSION = "X-UNICORE-SecuritySession";

  private final Users users;
  private final Sessions sessions = new Sessions();
  private final Tokens tokens;
  private final KeyTokens keyTokens;
  private final UserInfo userInfo;

  Authentication(Users users, Tokens tokens, KeyTokens keyTokens, UserInfo userInfo) {
    this.users = users;
    this.tokens = tokens;
    this.keyTokens = keyTokens;
    this.userInfo = userInfo;
  }

  /**
   * The session named in the headers, or a new one for the credential in them.
   *
   * @throws HttpProblem 432 for an unknown session, 403 for a wrong password, an expired token or
   *     preferences the user may not have
   */
  Session session(Map<String, String> headers) {
    String id = headers.get("x-unicore-securitysession");
    Session session = id == null ? null : sessions.find(id);
    if (id != null && session == null) {
      throw new HttpProblem(Answer.empty(432).outsideSession());
    }
    Caller caller = session == null ? caller(headers.get("authorization")) : session.caller();
    checkPreferences(caller, headers.get("x-unicore-user-preferences"));
    return session == null ? sessions.open(caller) : session;
  }

  void endSessions() {
    sessions.clear();
  }

  private Caller caller(String authorization) {
    if (authorization == null) {
      return Caller.ANONYMOUS;
    }
    String[] parts = authorization.trim().split(" +", 2);
    if (parts.length == 2 && parts[0].equalsIgnoreCase("Bearer")) {
      return byToken(parts[1]);
    }
    if (parts.length == 2 && parts[0].equalsIgnoreCase("Basic")) {
      return byPassword(parts[1]);
    }
    return Caller.ANONYMOUS;
  }

  /** Of a site that knows no tokens but its own, others are nobody's; else they are wrong ones. */
  private Caller byToken(String token) {
    Optional<Caller> caller =
        tokens
            .caller(token)
            .or(() -> keyTokens.areKnown() ? keyTokens.caller(token) : Optional.empty())
            .or(() -> userInfo.isKnown() ? userInfo.caller(token) : Optional.empty());
    if (caller.isEmpty() && (keyTokens.areKnown() || userInfo.isKnown())) {
      throw new HttpProblem(Answer.empty(403).outsideSession());
    }
    return caller.orElse(Caller.ANONYMOUS);
  }

  private Caller byPassword(String encoded) {
    try {
      String[] pair =
          new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8).split(":", 2);
      if (pair.length == 2 && users.accepts(pair[0], pair[1])) {
        return new Caller(pair[0], "PASSWORD_FILE", true);
      }
    } catch (IllegalArgumentException notBase64) {
      // refused below, as a wrong password is
    }
    throw new HttpProblem(Answer.empty(403).outsideSession());
  }

  private static void checkPreferences(Caller caller, String preferences) {
    if (preferences == null) {
      return;
    }
    for (String preference : preferences.split(",")) {
      String wanted = preference.trim();
      if (!wanted.equals("uid:" + caller.user()) && !wanted.equals("role:user")) {
        throw new HttpProblem(Answer.empty(403).outsideSession());
      }
    }
  }
}

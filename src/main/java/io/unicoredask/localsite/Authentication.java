package io.unicoredask.localsite;

import io.unicoredask.localsite.Sessions.Session;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** Finds out who asks, from the headers, and opens the sessions. */
final class Authentication {
  static final String SESSION = "X-UNICORE-SecuritySession";

  private final Users users;
  private final Sessions sessions = new Sessions();
  private final Tokens tokens;

  Authentication(Users users, Tokens tokens) {
    this.users = users;
    this.tokens = tokens;
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
      return tokens.caller(parts[1]);
    }
    if (parts.length == 2 && parts[0].equalsIgnoreCase("Basic")) {
      return byPassword(parts[1]);
    }
    return Caller.ANONYMOUS;
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

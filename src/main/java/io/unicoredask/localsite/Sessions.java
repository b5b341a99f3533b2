package io.unicoredask.localsite;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** Security sessions: eight hours, five a user, the least recently used dropped. */
final class Sessions {
  /** A session; its id alone authenticates, so it is as secret as a password. */
  record Session(String id, Caller caller, Instant end) {
    long remainingMillis() {
      return Duration.between(Instant.now(), end).toMillis();
    }
  }

  private static final int PER_USER = 5;
  private static final Duration LIFETIME = Duration.ofHours(8);

  private final Map<String, LinkedHashMap<String, Session>> byDn = new HashMap<>();
  private final Map<String, Session> byId = new HashMap<>();

  synchronized Session open(Caller caller) {
    Session session =
        new Session(UUID.randomUUID().toString(), caller, Instant.now().plus(LIFETIME));
    byId.put(session.id(), session);
    LinkedHashMap<String, Session> own =
        byDn.computeIfAbsent(caller.dn(), dn -> new LinkedHashMap<>(8, 0.75f, true));
    own.put(session.id(), session);
    if (own.size() > PER_USER) {
      drop(own.values().iterator().next());
    }
    return session;
  }

  /** The session of that id, or {@code null} if there is none or it has ended. */
  synchronized Session find(String id) {
    Session session = byId.get(id);
    if (session == null) {
      return null;
    }
    if (session.remainingMillis() <= 0) {
      drop(session);
      return null;
    }
    byDn.get(session.caller().dn()).get(id);
    return session;
  }

  /** All end now, as when the site is started again. */
  synchronized void clear() {
    byDn.clear();
    byId.clear();
  }

  private void drop(Session session) {
    byId.remove(session.id());
    byDn.get(session.caller().dn()).remove(session.id());
  }
}

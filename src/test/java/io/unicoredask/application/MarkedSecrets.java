package io.unicoredask.application;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Secrets that are to be seen nowhere, in any of the forms that they could be seen in. */
class MarkedSecrets {

  /** A token that somebody has signed, or that gets one, or a session that stands in for it. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "eyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}"
              + "|refresh-[0-9a-f-]{36}"
              + "|(?i:SecuritySession\\W{1,4}[0-9a-f]{8}-[0-9a-f-]{27})");

  private final Map<String, String> forms = new ConcurrentHashMap<>();

  /** From now on. */
  void add(String name, String secret) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    forms.put(URLEncoder.encode(secret, StandardCharsets.UTF_8), name + " as part of a form");
    forms.put(secret, name);
    forms.put(Base64.getEncoder().withoutPadding().encodeToString(bytes), name + " in base64");
    forms.put(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes), name + " in base64");
  }

  /** Which of them a text has; never what they are. */
  Set<String> in(String text) {
    Set<String> found = new TreeSet<>();
    forms.forEach(
        (form, name) -> {
          if (text.contains(form)) {
            found.add(name);
          }
        });
    if (text.contains("BEGIN PRIVATE KEY")) {
      found.add("a private key");
    }
    if (text.contains("eyJ") || text.contains("refresh-") || text.contains("ecuritySession")) {
      TOKEN.matcher(text).results().findAny().ifPresent(token -> found.add("a token or session"));
    }
    return found;
  }
}

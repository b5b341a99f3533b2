package io.unicoredask.camunda;

import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.spi.LoggingEventBuilder;
import org.springframework.util.ClassUtils;

/**
 * A line of pairs, for people and for programs. A log in JSON gets the pairs one by one, but not
 * where the engine has SLF4J 1, which knows of none.
 */
final class AuditLine {

  private static final boolean HAS_PAIRS =
      ClassUtils.isPresent("org.slf4j.spi.LoggingEventBuilder", AuditLine.class.getClassLoader());

  private AuditLine() {}

  static void write(Logger log, Map<String, String> pairs) {
    String text =
        pairs.entrySet().stream()
            .map(pair -> pair.getKey() + "=" + quoted(pair.getValue()))
            .collect(Collectors.joining(" "));
    if (HAS_PAIRS) {
      WithPairs.write(log, pairs, text);
    } else {
      log.info("{}", text);
    }
  }

  private static String quoted(String value) {
    return value.matches("[^\\s\"=]+") ? value : '"' + value.replace("\"", "'") + '"';
  }

  /** Not to be loaded with SLF4J 1. */
  private static final class WithPairs {

    static void write(Logger log, Map<String, String> pairs, String text) {
      LoggingEventBuilder line = log.atInfo();
      for (Map.Entry<String, String> pair : pairs.entrySet()) {
        line = line.addKeyValue(pair.getKey(), pair.getValue());
      }
      line.log(text);
    }
  }
}

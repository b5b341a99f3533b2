package io.unicoredask.camunda;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** Moments as people read them: ISO 8601 with the offset of the engine's own time zone. */
final class IsoTime {

  private IsoTime() {}

  /** Null of null. */
  static String of(Long millis) {
    return millis == null ? null : of(Instant.ofEpochMilli(millis));
  }

  static String of(Instant time) {
    return time == null
        ? null
        : time.truncatedTo(ChronoUnit.SECONDS)
            .atZone(ZoneId.systemDefault())
            .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
  }
}

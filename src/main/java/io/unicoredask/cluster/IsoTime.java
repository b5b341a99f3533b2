package io.unicoredask.cluster;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** Moments as people read them: ISO 8601 with the offset of the engine's own time zone. */
public final class IsoTime {

  private IsoTime() {}

  /**
   * A moment in milliseconds since 1970.
   *
   * @return null of null
   */
  public static String of(Long millis) {
    return millis == null ? null : of(Instant.ofEpochMilli(millis));
  }

  /**
   * A moment, to the second.
   *
   * @return null of null
   */
  public static String of(Instant time) {
    return time == null
        ? null
        : time.truncatedTo(ChronoUnit.SECONDS)
            .atZone(ZoneId.systemDefault())
            .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
  }
}

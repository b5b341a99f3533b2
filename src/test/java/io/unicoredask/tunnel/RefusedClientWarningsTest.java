package io.unicoredask.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** However many strangers knock, the log says so once a minute. */
class RefusedClientWarningsTest {

  private final Logger log = new LoggerContext().getLogger("complaints");
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();
  private Duration now = Duration.ZERO;
  private final RefusedClientWarnings complaints =
      new RefusedClientWarnings(log, () -> now.toNanos());

  @BeforeEach
  void listen() {
    said.start();
    log.addAppender(said);
    log.setLevel(Level.WARN);
  }

  @Test
  void theFirstIsSaidAtOnceAndThoseOfTheNextMinuteAreCounted() {
    for (int client = 1; client <= 256; client++) {
      complaints.say("turned away " + client);
    }
    assertThat(warnings()).containsExactly("turned away 1");

    now = now.plusSeconds(61);
    complaints.say("turned away 257");
    assertThat(warnings())
        .containsExactly("turned away 1", "turned away 257 (and 255 more since the last warning)");

    now = now.plusSeconds(61);
    complaints.say("again");
    assertThat(warnings()).last().isEqualTo("again");
  }

  private List<String> warnings() {
    return said.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}

package io.unicoredask.cluster.keeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.unicoredask.TestSite;
import io.unicoredask.unicore.UnicoreSite;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Files that grow in a job's directory at a site. */
class ScriptOutputTest {

  private final UnicoreSite site = TestSite.unicore();
  private final ScriptOutput output = new ScriptOutput(site, "test");
  private URI directory;
  private Path path;
  private ScriptJob script;

  @BeforeEach
  void aJobThatHasADirectory() {
    URI job =
        site.submit(
            JsonNodeFactory.instance
                .objectNode()
                .put("Executable", "true")
                .put("Stdout", "unused"));
    await().until(() -> site.job(job).status().isFinished());
    directory = site.job(job).workingDirectory();
    path = Path.of(site.storage(directory).mountPoint());
    script = ScriptJob.submitted(job, "out", "err", Map.of());
  }

  @Test
  void filesThatAreNotThereYetAreEmpty() {
    assertThat(output.read(script, directory, false)).isEqualTo(script);
  }

  @Test
  void onlyWholeLinesAreReadUntilNothingMoreWillCome() throws IOException {
    write("out", "one\ntw");
    read(false);
    assertThat(script.output()).isEqualTo("one\n");
    assertThat(script.stdoutRead()).isEqualTo(4);

    write("out", "o\nthree");
    read(false);
    assertThat(script.output()).isEqualTo("one\ntwo\n");

    read(true);
    assertThat(script.output()).isEqualTo("one\ntwo\nthree\n");
  }

  @Test
  void aCharacterThatIsWrittenInTwoPartsIsWhole() throws IOException {
    byte[] euro = "€\n".getBytes(UTF_8);
    Files.write(path.resolve("out"), new byte[] {euro[0], euro[1]});
    read(false);
    assertThat(script.output()).isEmpty();

    Files.write(path.resolve("out"), new byte[] {euro[2], euro[3]}, StandardOpenOption.APPEND);
    read(false);
    assertThat(script.output()).isEqualTo("€\n");
  }

  @Test
  void aLineThatIsLongerThanWhatIsReadAtOnceIsCutBetweenCharacters() throws IOException {
    write("out", "a" + "€".repeat(100_000));
    read(false);
    read(false);
    read(true);

    assertThat(script.output()).doesNotContain("\uFFFD").endsWith("€\n");
    assertThat(script.stdoutRead()).isEqualTo(300_001);
  }

  @Test
  void whatComesFasterThanItIsReadIsLeftOutAndTheLogSaysSo() throws IOException {
    write("out", ("€".repeat(333) + "\n").repeat(400) + "last\n");
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger("io.unicoredask.script");
    log.start();
    logger.addAppender(log);
    try {
      read(false);
    } finally {
      logger.detachAppender(log);
    }

    assertThat(script.stdoutRead()).isEqualTo(400_005);
    assertThat(log.list.get(0).getFormattedMessage())
        .isEqualTo("Cluster test: … 137861 bytes left out …");
    assertThat(log.list.get(1).getFormattedMessage()).matches("Cluster test: €{333}");
    assertThat(script.output()).doesNotContain("\uFFFD").endsWith("€\nlast\n");
    assertThat(script.output().length()).isBetween(3500, 3900);
  }

  @Test
  void whatATerminalWouldNotShowIsLeftOut() throws IOException {
    write("err", " 10 %\r 50 %\r100 %\n\u001b[31mred\u0000\tend\r\n");
    read(false);

    assertThat(script.output()).isEqualTo("100 %\n[31mred\tend\n");
  }

  @Test
  void standardOutputComesBeforeStandardError() throws IOException {
    write("err", "then failed\n");
    write("out", "first\n");
    read(false);

    assertThat(script.output()).isEqualTo("first\nthen failed\n");
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(
        path.resolve(file), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private void read(boolean over) {
    script = output.read(script, directory, over);
  }
}

package io.unicoredask.cluster.keeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.unicoredask.TestSite;
import io.unicoredask.unicore.UnicoreSite;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Output of jobs at a site, more of it than is wanted at once, or none. */
class JobOutputTest {

  private final UnicoreSite site = TestSite.unicore();
  private URI job;
  private Path directory;

  @BeforeEach
  void aJobThatIsOver() {
    job = site.submit(JsonNodeFactory.instance.objectNode().put("Executable", "true"));
    await().until(() -> site.job(job).status().isFinished());
    directory = Path.of(site.storage(site.job(job).workingDirectory()).mountPoint());
  }

  @Test
  void aShortFileIsThereWholeUnderItsHeading() throws IOException {
    Files.writeString(directory.resolve("stdout"), "größe\nohne Zeilenende");

    assertThat(new JobOutput(site, LogsKeeper.MAX_BYTES).of("scheduler", job, JobFiles.USUAL))
        .contains(
            "\n==> scheduler stdout, %s, SUCCESSFUL <==\ngröße\nohne Zeilenende\n"
                .formatted(site.resolve(job)))
        .endsWith(
            "\n==> scheduler stderr, %s, SUCCESSFUL <==\n(empty)\n".formatted(site.resolve(job)));
  }

  @Test
  void ofALongFileTheEndIsThereFromAWholeLineOnAndWhatIsLeftOutIsSaid() throws IOException {
    Files.writeString(
        directory.resolve("stderr"), "first\n" + "x€y\n".repeat(JobOutput.TAIL_BYTES) + "last\n");

    String output = new JobOutput(site, LogsKeeper.MAX_BYTES).of("worker-1", job, JobFiles.USUAL);

    assertThat(output)
        .contains("SUCCESSFUL <==\n… %d bytes left out …\nx€y\n".formatted(5 * 65536 + 11))
        .endsWith("x€y\nlast\n")
        .doesNotContain("first");
    assertThat(output.getBytes(UTF_8)).hasSizeBetween(65_000, 66_500);
  }

  @Test
  void filesAreReadUnderTheNamesOfTheDescriptionAndOneThatIsBothOnce() throws Exception {
    Files.writeString(directory.resolve("all.log"), "all of it\n");
    JobFiles files =
        JobFiles.of(
            new ObjectMapper().readTree("{\"Stdout\": \"all.log\", \"Stderr\": \"all.log\"}"));

    assertThat(new JobOutput(site, LogsKeeper.MAX_BYTES).of("worker-1", job, files))
        .isEqualTo(
            "\n==> worker-1 all.log, %s, SUCCESSFUL <==\nall of it\n".formatted(site.resolve(job)));
  }

  @Test
  void aDirectoryOrAJobThatIsGoneIsSaidToBe() throws IOException {
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
    JobOutput output = new JobOutput(site, LogsKeeper.MAX_BYTES);
    assertThat(output.of("worker-1", job, JobFiles.USUAL))
        .contains("stderr, " + site.resolve(job), "its directory is gone");

    URI none = URI.create(job + "x");
    assertThat(output.of("worker-2", none, JobFiles.USUAL))
        .contains("no such job", none.toString());
  }
}

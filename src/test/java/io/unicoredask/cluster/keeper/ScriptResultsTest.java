package io.unicoredask.cluster.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.FakeSite;
import io.unicoredask.unicore.JobStatus;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is read of a script that is over, and how one is said to have failed. */
class ScriptResultsTest {

  private static final URI DIRECTORY = URI.create("storages/1");

  private final FakeSite site = new FakeSite("hpc");

  @Test
  void itsFilesBecomeVariablesUnderTheirOwnNames() {
    site.has("out/a.json", "1").has("b.txt", "2");

    Map<String, ResultFile> results =
        of(ended(JobStatus.SUCCESSFUL, 0, Map.of("a", "out/a.json", "b", "b.txt")));
    assertThat(results.get("a").name()).isEqualTo("a.json");
    assertThat(results.get("b").content()).asString().isEqualTo("2");
  }

  @Test
  void aScriptWithoutResultsHasNone() {
    assertThat(of(ended(JobStatus.SUCCESSFUL, 0, Map.of()))).isEmpty();
  }

  @Test
  void aSiteThatDoesNotKnowTheExitCodeIsBelieved() {
    assertThat(of(ended(JobStatus.SUCCESSFUL, null, Map.of()))).isEmpty();
  }

  @Test
  void anExitCodeCountsMoreThanWhatTheSiteMakesOfIt() {
    assertThat(failure(ended(JobStatus.SUCCESSFUL, 2, Map.of())))
        .contains("ended as SUCCESSFUL with exit code 2");
  }

  @Test
  void aFileThatIsMissingFailsIt() {
    assertThat(failure(ended(JobStatus.SUCCESSFUL, 0, Map.of("a", "no.json"))))
        .isEqualTo("the script ended well, but did not write the result file no.json");
  }

  @Test
  void aFileThatIsTooLargeSaysWhereItIs() {
    site.has("large", "x".repeat(10 * 1024 * 1024 + 1));

    assertThat(failure(ended(JobStatus.SUCCESSFUL, 0, Map.of("a", "large"))))
        .contains("has 10485761 bytes; allowed are up to 10485760", site.resolve(DIRECTORY) + "");
  }

  @Test
  void aFileMayBeAsLargeAsTheLimit() {
    site.has("large", "x".repeat(10 * 1024 * 1024));

    assertThat(of(ended(JobStatus.SUCCESSFUL, 0, Map.of("a", "large")))).containsKey("a");
  }

  @Test
  void aScriptThatFailedSaysAllThatIsKnown() {
    ScriptJob failed =
        script(Map.of()).withOutput("a traceback\n").over(JobStatus.FAILED, " killed ", 137);

    assertThat(failure(failed))
        .startsWith("the script's job https://hpc.example.org/HPC/rest/core/jobs/1 ended as FAILED")
        .endsWith(" with exit code 137: killed\nThe end of its output:\na traceback");
  }

  @Test
  void aScriptThatFailedWithoutAWordSaysSo() {
    assertThat(failure(ended(JobStatus.FAILED, null, Map.of())))
        .endsWith("ended as FAILED without a word of output");
  }

  private Map<String, ResultFile> of(ScriptJob script) {
    return ScriptResults.of(site, script, DIRECTORY);
  }

  private String failure(ScriptJob script) {
    String[] message = new String[1];
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> of(script))
        .satisfies(
            e -> {
              assertThat(e.error()).isEqualTo(ClusterError.DASK_SCRIPT_FAILED);
              message[0] = e.getMessage();
            });
    return message[0];
  }

  private static ScriptJob ended(JobStatus status, Integer code, Map<String, String> files) {
    return script(files).over(status, null, code);
  }

  private static ScriptJob script(Map<String, String> files) {
    return ScriptJob.submitted(URI.create("jobs/1"), "stdout", "stderr", files);
  }
}

package io.unicoredask.cluster.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import io.unicoredask.cluster.TestSites;
import io.unicoredask.cluster.site.Sites;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptRequestTest {

  @Test
  void aScriptIsAllThatIsNeededAndItsIndentationStays() {
    ScriptRequest request = read(Map.of("script", "  \n  x = 1\n"));

    assertThat(request.run()).isEqualTo("run-1");
    assertThat(request.source()).isEqualTo("  \n  x = 1\n");
    assertThat(request.url()).isNull();
    assertThat(request.scriptArguments()).isEmpty();
    assertThat(request.scriptJob()).isEmpty();
    assertThat(request.resultFiles()).isEmpty();
  }

  @Test
  void aUrlIsForTheSiteToFetch() {
    ScriptRequest request = read(Map.of("script", " https://example.org/a/b.py?x=1 "));

    assertThat(request.url()).isEqualTo(URI.create("https://example.org/a/b.py?x=1"));
    assertThat(request.source()).isNull();
  }

  @Test
  void argumentsAndResultFilesAreJson() {
    ScriptRequest request =
        read(
            Map.of(
                "script", "pass",
                "scriptArguments", "[\"--rows\", 10]",
                "resultFiles", Map.of("result", "out/result.json")));

    assertThat(request.scriptArguments()).containsExactly("--rows", "10");
    assertThat(request.resultFiles()).containsExactly(Map.entry("result", "out/result.json"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          script          | ' '                            | a Python script
          script          | https://user:word@example.org/ | without user and password
          script          | https:///nowhere               | without user and password
          scriptArguments | {"a": 1}                       | a JSON list of texts
          scriptArguments | [["a"]]                        | a JSON list of texts
          scriptArguments | [oops                          | JSON
          scriptJob       | nosuch                         | templates
          scriptJob       | {"Imports": "x"}               | whose Imports are a list
          resultFiles     | ["a"]                          | a JSON object
          resultFiles     | {"a": "/etc/passwd"}           | below the job's directory
          resultFiles     | {"a": "../a"}                  | below the job's directory
          resultFiles     | {"a": "b/../../a"}             | below the job's directory
          resultFiles     | {"a": ""}                      | below the job's directory
          resultFiles     | {"a": 1}                       | below the job's directory
          resultFiles     | {"workers": "a"}               | a name other than 'workers'
          resultFiles     | {"cluster": "a"}               | a name other than 'cluster'
          resultFiles     | {"clusterStatus": "a"}         | a name other than 'clusterStatus'
          resultFiles     | {"scriptOutput": "a"}          | a name other than 'scriptOutput'
          resultFiles     | {"daskTeardown": "a"}          | a name other than 'daskTeardown'
          scriptJob       | {"Tags": [1]}                  | whose Tags are a list of texts
          resultFiles     | {"script": "a"}                | a name other than 'script'
          resultFiles     | {"scripts": "a"}               | a name other than 'scripts'
          resultFiles     | {"a\\nb": "a"}                 | without control characters
          resultFiles     | {"a": "b\\u0007"}              | below the job's directory
          scriptJob       | {"executable": "python3"}      | a job description with Executable in place of executable
          """)
  void whatIsNotAllowedIsRefusedWithWhatIs(String variable, String value, String allowed) {
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(
            () ->
                read(
                    variable.equals("script")
                        ? Map.of("script", value)
                        : Map.of("script", "pass", variable, value)))
        .withMessageContaining(variable + " = " + value.replace("user:word", "(user and password)"))
        .withMessageContaining(allowed)
        .extracting(ClusterException::error)
        .isEqualTo(ClusterError.DASK_INVALID_REQUEST);
  }

  @Test
  void aResultFileWhoseNameTheEngineCannotKeepIsRefusedBeforeTheScriptRuns() {
    assertThat(read(Map.of("script", "pass", "resultFiles", Map.of("r".repeat(255), "a"))))
        .isNotNull();
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(
            () -> read(Map.of("script", "pass", "resultFiles", Map.of("r".repeat(256), "a"))))
        .withMessageContaining("names of variables of up to 255 characters");
  }

  @Test
  void aMisspeltVariableOfAScriptIsRefusedAndOneOfSomebodyElsesIsNot() {
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(
            () -> read(Map.of("script", "pass", "scriptArgument", "[1]", "result_files", "{}")))
        .withMessage(
            "result_files is no variable of a script; use resultFiles; scriptArgument is no variable of a script; use scriptArguments");
    assertThat(read(Map.of("script", "pass", "worker", 1, "name", "x", "mine", 2))).isNotNull();
  }

  @Test
  void itIsTheSameAfterwardsAsJson() {
    ScriptRequest request =
        read(
            Map.of(
                "script", "pass",
                "scriptArguments", "[\"--rows\", 10]",
                "scriptJob", "{\"Resources\": {\"Nodes\": 1}}",
                "queue", "batch",
                "resultFiles", Map.of("result", "out/result.json")));

    assertThat(ScriptRequest.fromJson(request.toJson())).isEqualTo(request);
    assertThat(ScriptRequest.fromJson(read(Map.of("script", "https://a.org/b.py")).toJson()))
        .isEqualTo(read(Map.of("script", "https://a.org/b.py")));
  }

  private static ScriptRequest read(Map<String, ?> variables) {
    Sites sites = new Sites(List.of(TestSites.unreachable("hpc")));
    return ScriptRequest.of(variables, "run-1", "hpc", sites);
  }
}

package io.unicoredask.cluster.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the line is between a misspelt key of UNICORE's and one that it may not know yet. */
class JobKeysTest {

  @ParameterizedTest
  @CsvSource({
    "executable, Executable",
    "EXECUTABLE, Executable",
    "Excutable, Executable",
    "arguments, Arguments",
    "Argument, Arguments",
    "environment, Environment",
    "Environments, Environment",
    "Enviroment, Environment",
    "parameters, Parameters",
    "Ressources, Resources",
    "Ressource, Resources",
    "resource, Resources",
    "Import, Imports",
    "stdout, Stdout",
    "StdErr, Stderr",
    "tag, Tags",
    "User preCommand, User precommand",
    "UserPrecommand, User precommand",
    "user_postcommand, User postcommand",
    "JobType, Job type",
    "Job Type, Job type",
    "job_type, Job type",
    "jobtype, Job type",
    "LoginNode, Login node",
    "BSSFile, BSS file",
    "HaveClientStageIn, haveClientStageIn",
    "UserPrecommandIgnoreNonZeroExitcode, UserPrecommandIgnoreNonZeroExitCode",
    "application_name, ApplicationName",
    "names, Name",
    "project, Project",
    "notifications, Notification",
    "umasks, Umask"
  })
  void aKeyThatIsNearlyOneOfUnicoresIsMeantToBeIt(String given, String right) {
    assertThat(JobKeys.misspelt(object(given))).isEqualTo(Map.of(given, right));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Executable",
        "Job type",
        "haveClientStageIn",
        "tags",
        "umask",
        "User precommand",
        "User postcommand",
        "Site name",
        "User preferences",
        "Container",
        "GPUs",
        "MyKey",
        "Note",
        "x",
        ""
      })
  void aKeyOfUnicoresAndOneThatIsNearNoneGoThrough(String key) {
    assertThat(JobKeys.misspelt(object(key))).isEmpty();
  }

  @Test
  void importsAndExportsHaveKeysOfTheirOwn() throws Exception {
    JsonNode job =
        new ObjectMapper()
            .readTree(
                """
                {"Imports": [
                   {"from": "https://a/b", "to": "b", "Failonerror": "false", "file": "b"},
                   {"source": "https://a/b", "Permission": "r-x", "commit": "x"}],
                 "Exports": {"c": {"target": "https://a/c", "credentials": {}, "source": "c"}}}
                """);

    assertThat(JobKeys.misspelt(job))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "Imports.from", "From",
                "Imports.to", "To",
                "Imports.Failonerror", "FailOnError",
                "Imports.Permission", "Permissions",
                "Exports.credentials", "Credentials"));
  }

  @Test
  void namesOfFilesVariablesAndResourcesAreNoKeys() throws Exception {
    JsonNode job =
        new ObjectMapper()
            .readTree(
                """
                {"Imports": {"from": {"Data": "x"}}, "Environment": {"executable": "x"},
                 "Parameters": {"arguments": "x"}, "Resources": {"tags": "x", "queue": "x"}}
                """);

    assertThat(JobKeys.misspelt(job)).isEmpty();
  }

  private static JsonNode object(String key) {
    return JsonNodeFactory.instance.objectNode().put(key, "x");
  }
}

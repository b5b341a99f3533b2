package io.unicoredask.localsite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.unicoredask.Listeners;
import io.unicoredask.localsite.LocalSiteSettings.Application;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A job from its description to its end. */
class JobTest {
  private static LocalSite site;
  private static SiteClient client;

  @BeforeAll
  static void start() throws IOException {
    site =
        LocalSite.start(
            LocalSiteSettings.builder()
                .exitCodeGrace(Duration.ZERO)
                .queue("batch", 4)
                .queue("long", 4)
                .application(
                    "greet",
                    new Application(
                        "2.0",
                        "echo",
                        List.of("hello", "$WHOM?", "${NOTSET}?"),
                        Map.of("WHOM", "world")))
                .stateLag(Duration.ofMillis(50))
                .build());
    client = SiteClient.of(site);
  }

  @AfterAll
  static void stop() {
    site.close();
  }

  @Test
  void aFinishedJobHasTheFieldsOfARealServersJob() {
    String job = client.submit("{'ApplicationName':'Date'}");

    assertThat(client.awaitEnd(job)).isEqualTo("SUCCESSFUL");
    JsonNode json = client.json(job);
    JsonNode recorded = Recording.of("05-job-done").body();
    assertThat(Recording.keys(json)).isEqualTo(Recording.keys(recorded));
    for (String same : List.of("name", "exitCode", "jobType", "queue", "status", "owner")) {
      if (!same.equals("owner")) {
        assertThat(json.get(same)).as(same).isEqualTo(recorded.get(same));
      }
    }
    assertThat(json.get("log")).hasSameSizeAs(recorded.get("log"));
    assertThat(json.at("/_links/workingDirectory/href").asText())
        .isEqualTo(site.baseUrl() + "/storages/" + SiteClient.id(job) + "-uspace");
  }

  /** Whatever the program asks for, and whatever module path the job sets. */
  @Test
  void pythonProgramsListenOnThisMachineOnly() throws IOException {
    String job =
        client.submit(
            "{'Executable':'python3 listen.py','Environment':{'PYTHONPATH':'/nowhere'},"
                + "'Imports':[{'From':'inline://listen','To':'listen.py','Data':["
                + "'import socket, time',"
                + "'families = [socket.AF_INET] + [socket.AF_INET6] * socket.has_dualstack_ipv6()',"
                + "'made = [socket.create_server((str(), 0), family=one) for one in families]',"
                + "'print(len(made), flush=True)',"
                + "'time.sleep(300)']}]}");
    int made = Integer.parseInt(client.awaitLine(job, "stdout"));

    Set<String> listeners = Listeners.of(SiteClient.id(job));
    assertThat(listeners).hasSize(made).noneMatch(Listeners::isOpen);
    client.abort(job);
  }

  @Test
  void theScriptIsTheOneThatUnicoreMakes() {
    String job = client.submit("{'Executable':'date','Resources':{'Queue':'batch'}}");
    client.awaitEnd(job);

    String ours = command(client.json(job).get("log"));
    String recorded = command(Recording.of("05-job-done").body().get("log"));
    assertThat(ours.substring(ours.indexOf("#TSI_SUBMIT")))
        .isEqualTo(
            recorded
                .substring(recorded.indexOf("#TSI_SUBMIT"))
                .replace("JOBNAME Date", "JOBNAME UNICORE_Job")
                .replace("Demo User", "demouser")
                .replace(
                    "/home/demouser/UNICORE_Jobs/506WiWrh9Kk/",
                    client
                        .json(client.json(job).at("/_links/workingDirectory/href").asText())
                        .get("mountPoint")
                        .asText()));
  }

  private static String command(JsonNode log) {
    for (JsonNode line : log) {
      if (line.asText().contains("Command is: ")) {
        return line.asText();
      }
    }
    throw new AssertionError("no command in the log");
  }

  @Test
  void itsOutputIsInFiles() {
    String job =
        client.submit("{'Executable':'echo one; echo two >&2; echo $UC_EXECUTABLE >/dev/null'}");
    client.awaitEnd(job);

    assertThat(client.text(job, "stdout")).isEqualTo("one\n");
    assertThat(client.text(job, "stderr")).isEqualTo("two\n");
    assertThat(client.text(job, "UNICORE_SCRIPT_EXIT_CODE")).isEqualTo("0\n");
  }

  @Test
  void argumentsAreShellTextAfterTheExecutable() {
    String job =
        client.submit(
            "{'Executable':'printf','Arguments':['%s,','a b','$FOO','\\'c d\\''],"
                    .replace("\\'", "\\\"")
                + "'Environment':['FOO=bar']}");
    client.awaitEnd(job);

    assertThat(client.text(job, "stdout")).isEqualTo("a,b,bar,c d,");
  }

  @Test
  void theEnvironmentMayBeAnObject() {
    String job = client.submit("{'Executable':'echo $FOO $UC_NODES','Environment':{'FOO':'bar'}}");
    client.awaitEnd(job);

    assertThat(client.text(job, "stdout")).isEqualTo("bar 1\n");
  }

  @Test
  void homeIsReplacedInTheTextOfTheScriptWhateverItsQuotes() {
    String job =
        client.submit(
            "{'Executable':'printf %s,','Arguments':['#$HOME#','#$##HOME#']}"
                .replace("#", "\\u0027"));
    client.awaitEnd(job);

    assertThat(client.text(job, "stdout"))
        .isEqualTo(System.getenv().getOrDefault("HOME", "") + ",$HOME,");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {'Executable':'true','Name':'a$(b'}                    | Job name contains illegal characters: '$('
          {'Executable':'true','Stdout':'a`b'}                   | Stdout contains illegal characters: '`'
          {'Executable':'true','Resources':{'Project':'a\\nb'}}  | Project contains illegal characters
          {'Executable':'echo','Arguments':[8799]}               | 8799 is not a string
          {'Executable':'true','Environment':{'A':1}}            | 1 is not a string
          """)
  void whatUnicoreCannotWriteIntoItsScriptFailsTheJob(String description, String reason) {
    String job = client.submit(description);

    assertThat(client.awaitEnd(job)).isEqualTo("FAILED");
    assertThat(client.field(job, "statusMessage")).contains(reason);
  }

  @Test
  void aDirectoryWithBlanksQuotesAndVariablesIsADirectoryLikeAnyOther(@TempDir Path directory)
      throws IOException {
    LocalSiteSettings settings =
        LocalSiteSettings.builder()
            .directory(directory.resolve("it's a $1 \"dir\" \\ `x`"))
            .stateLag(Duration.ofMillis(20))
            .build();
    try (LocalSite strange = LocalSite.start(settings)) {
      SiteClient user = SiteClient.of(strange);
      String job =
          user.submit(
              "{'Executable':'cat; pwd; echo $UC_WORKING_DIRECTORY','Stdin':'in',"
                  + "'Imports':[{'From':'inline://x','To':'in','Data':'given'}]}");

      assertThat(user.awaitEnd(job)).isEqualTo("SUCCESSFUL");
      String home =
          user.json(user.json(job).at("/_links/workingDirectory/href").asText())
              .get("mountPoint")
              .asText();
      assertThat(user.text(job, "stdout"))
          .contains(home.substring(0, home.length() - 1) + "\n" + home);
      assertThat(user.text(job, "stderr")).isEmpty();
    }
  }

  @Test
  void anApplicationsArgumentsComeBeforeTheUsers() {
    String job =
        client.submit(
            "{'ApplicationName':'greet','ApplicationVersion':'2.0','Arguments':['again']}");
    client.awaitEnd(job);

    assertThat(client.text(job, "stdout")).isEqualTo("hello world again\n");
    assertThat(client.field(job, "name")).isEqualTo("greet");
  }

  @Test
  void inlineImportsAndAPrecommandComeBeforeTheApplication() {
    String job =
        client.submit(
            "{'Executable':'cat f.txt g/g.txt made',"
                + "'Imports':[{'From':'inline://x','To':'f.txt','Data':['a','b']},"
                + "{'From':'inline://x','To':'g/g.txt','Data':'c '}],"
                + "'User precommand':'echo made > made','RunUserPrecommandOnLoginNode':'false'}");

    assertThat(client.awaitEnd(job)).isEqualTo("SUCCESSFUL");
    assertThat(client.text(job, "stdout")).isEqualTo("a\nb\nc made\n");
  }

  @Test
  void whatAnHttpServerHasIsImportedBeforeTheApplicationRuns() throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/there.txt",
        exchange -> {
          exchange.sendResponseHeaders(200, 6);
          exchange.getResponseBody().write("there\n".getBytes(UTF_8));
          exchange.close();
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort();
      String job = client.submit(importing(url + "/there.txt"));
      assertThat(client.awaitEnd(job)).isEqualTo("SUCCESSFUL");
      assertThat(client.text(job, "stdout")).isEqualTo("there\n");

      String failed = client.submit(importing(url + "/nowhere.txt"));
      assertThat(client.awaitEnd(failed)).isEqualTo("FAILED");
      assertThat(client.field(failed, "statusMessage"))
          .contains("Staging in failed")
          .contains("404");
    } finally {
      server.stop(0);
    }
  }

  private static String importing(String url) {
    return "{'Executable':'cat f.txt','Imports':[{'From':'%s','To':'f.txt'}]}".formatted(url);
  }

  @Test
  void aPrecommandInTheBackgroundEndsWithTheJob() {
    String job =
        client.submit("{'Executable':'sleep 0.1','User precommand':'sleep 300 & echo $! > pid'}");
    client.awaitEnd(job);

    long pid = Long.parseLong(client.text(job, "pid").trim());
    assertThat(ProcessHandle.of(pid).filter(Processes::isAlive)).isEmpty();
  }

  @Test
  void anExitCodeOtherThanZeroFailsTheJob() {
    String job = client.submit("{'Executable':'sh -c','Arguments':['\\\"exit 3\\\"']}");

    assertThat(client.awaitEnd(job)).isEqualTo("FAILED");
    assertThat(client.field(job, "exitCode")).isEqualTo("3");
    assertThat(client.field(job, "statusMessage"))
        .startsWith("User application exited with non-zero exit code: <3>.");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{'ApplicationName':'nosuchapp'} | The requested Application 'nosuchapp' is not available."
            + " (Requested application is not defined)",
        "{'ApplicationName':'greet','ApplicationVersion':'1'} | The requested Application 'greet v1'"
            + " is not available. (Requested application is not defined)",
        "{'Executable':'date','Resources':{'Queue':'nosuchqueue'}} | Resource request <Queue ="
            + " nosuchqueue> is out of range. (Invalid resource request)",
        "{'Executable':'date','Resources':{'Nodes':5}} | Resource request <Nodes=5> is out of"
            + " range. (Invalid resource request)",
        "{'Executable':'date','Resources':{'Runtime':'2d'}} | Resource request <Runtime=172800> is"
            + " out of range. (Invalid resource request)",
        "{'Executable':'date','Resources':{'GPUs':1}} | Resource <GPUs> is not available for"
            + " partition <batch> (Invalid resource request)",
        "{'Executable':'date','Job type':'foo'} | No enum constant"
            + " eu.unicore.xnjs.idb.ApplicationInfo.JobType.FOO"
      })
  void aMistakeIsTakenAndThenFails(String description, String message) {
    String job = client.submit(description.replaceAll("(?<=[\\[{,:])'|'(?=[\\]},:])", "\""));

    assertThat(client.awaitEnd(job)).isEqualTo("FAILED");
    assertThat(client.field(job, "statusMessage"))
        .isEqualTo("Processing failed: eu.unicore.xnjs.ems.ExecutionException: " + message);
    assertThat(client.field(job, "batchSystemID")).isEqualTo("N/A");
  }

  @Test
  void anUnknownProjectIsTaken() {
    String job = client.submit("{'Executable':'date','Resources':{'Project':'nosuchproject'}}");

    assertThat(client.awaitEnd(job)).isEqualTo("SUCCESSFUL");
  }

  @Test
  void anEmptyJobSucceeds() {
    assertThat(client.awaitEnd(client.submit("{}"))).isEqualTo("SUCCESSFUL");
  }

  @Test
  void malformedJsonIs500() {
    HttpResponse<byte[]> response = client.post("/jobs", "{\"Executable\": \"date");

    assertThat(response.statusCode()).isEqualTo(500);
    JsonNode error = SiteClient.read(response.body());
    assertThat(error.get("status").asInt()).isEqualTo(500);
    assertThat(error.get("errorMessage").asText())
        .startsWith("Could not submit job: org.json.JSONException: ");
  }

  @Test
  void aJobThatWaitsForFilesStartsWhenToldTo() {
    String job = client.submit("{'Executable':'cat in.txt','haveClientStageIn':'true'}");
    client.awaitStatus(job, "READY");
    assertThat(
            client
                .send(
                    "PUT",
                    client.fileUrl(job, "in.txt"),
                    "sent".getBytes(UTF_8),
                    "Content-Type",
                    "application/octet-stream")
                .statusCode())
        .isEqualTo(204);
    assertThat(client.field(job, "batchSystemID")).isEqualTo("N/A");

    assertThat(client.post(job + "/actions/start", "{}").statusCode()).isEqualTo(204);

    assertThat(client.awaitEnd(job)).isEqualTo("SUCCESSFUL");
    assertThat(client.text(job, "stdout")).isEqualTo("sent");
  }

  @Test
  void itsRuntimeEndsAJob() {
    String job = client.submit("{'Executable':'sleep 300','Resources':{'Runtime':'1s'}}");

    assertThat(client.awaitEnd(job)).isEqualTo("FAILED");
    assertThat(client.field(job, "statusMessage"))
        .startsWith("Job did not complete normally on BSS");
    assertThat(client.json(job + "/details").get("JobState").asText()).isEqualTo("TIMEOUT");
    assertThat(client.json(job + "/details").get("Reason").asText()).isEqualTo("TimeLimit");
  }

  @Test
  void aLoginNodeJobRunsOutsideTheQueues() {
    String job = client.submit("{'Executable':'echo here','Job type':'on_login_node'}");

    assertThat(client.awaitEnd(job)).isEqualTo("SUCCESSFUL");
    assertThat(client.field(job, "jobType")).isEqualTo("ON_LOGIN_NODE");
    assertThat(client.field(job, "queue")).isEqualTo("N/A");
    assertThat(client.field(job, "batchSystemID")).startsWith("INTERACTIVE_localhost_");
    assertThat(client.json(job + "/details")).hasToString("{\"rawDetailsData\":\"N/A\"}");
  }

  @Test
  void aRawJobRunsTheUsersOwnScript() {
    String job =
        client.submit(
            "{'Job type':'raw','BSS file':'mine.sh',"
                + "'Imports':[{'To':'mine.sh','Data':'echo mine'}]}");

    assertThat(client.awaitEnd(job)).isEqualTo("SUCCESSFUL");
    assertThat(client.text(job, "stdout")).isEqualTo("mine\n");
  }

  @Test
  void anAbortedJobFailsAndMayBeAbortedAgain() {
    String job = client.submit("{'Executable':'sleep 300'}");
    client.awaitStatus(job, "RUNNING");

    client.abort(job);

    assertThat(client.awaitEnd(job)).isEqualTo("FAILED");
    assertThat(client.field(job, "statusMessage")).isEqualTo("Job aborted.");
    assertThat(client.field(job, "exitCode")).isNull();
    client.abort(job);
    assertThat(client.field(job, "statusMessage")).isEqualTo("Job aborted.");
  }

  @Test
  void anUnknownActionIs404AndAFormIsSentBackToTheJob() {
    String job = client.submit("{}");

    assertThat(client.post(job + "/actions/foo", "{}").statusCode()).isEqualTo(404);
    HttpResponse<byte[]> form =
        client.send(
            "POST",
            job + "/actions/abort",
            new byte[0],
            "Content-Type",
            "application/x-www-form-urlencoded");
    assertThat(form.statusCode()).isEqualTo(303);
    assertThat(form.headers().firstValue("Location")).hasValue(job);
  }

  @Test
  void aFinishedJobCanRunAgain() {
    String job = client.submit("{'Executable':'date >> runs; wc -l < runs'}");
    client.awaitEnd(job);

    client.post(job + "/actions/restart", "{}");

    client.awaitStatus(job, "QUEUED", "RUNNING");
    assertThat(client.awaitEnd(job)).isEqualTo("SUCCESSFUL");
    assertThat(client.text(job, "stdout").trim()).isEqualTo("2");
  }

  @Test
  void aDeletedJobIsGoneWithItsFiles() {
    String job = client.submit("{'Executable':'sleep 300'}");
    client.awaitStatus(job, "RUNNING");

    assertThat(client.send("DELETE", job, null).statusCode()).isEqualTo(204);

    assertThat(client.get(job).statusCode()).isEqualTo(404);
    assertThat(client.send("DELETE", job, null).statusCode()).isEqualTo(404);
    assertThat(client.download(job, "stdout").statusCode()).isEqualTo(404);
  }

  @Test
  void fieldsCanBeSelectedOrLeftOut() {
    String job = client.submit("{}");
    client.awaitEnd(job);

    assertThat(client.json(job + "?fields=status,batchSystemID").fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("status", "batchSystemID");
    assertThat(client.json(job + "?fields=!log,!_links").fieldNames())
        .toIterable()
        .contains("status")
        .doesNotContain("log", "_links");
  }

  @Test
  void theDescriptionAndTheBatchSystemsDetailsCanBeAskedFor() {
    String job = client.submit("{'Executable':'sleep 300','Name':'mine','Resources':{'Nodes':2}}");
    client.awaitStatus(job, "RUNNING");

    assertThat(client.json(job + "/submitted").get("Name").asText()).isEqualTo("mine");
    JsonNode details = client.json(job + "/details?fields=JobState,JobName,NumNodes,TimeLimit");
    assertThat(details)
        .hasToString(
            "{\"JobName\":\"mine\",\"JobState\":\"RUNNING\",\"NumNodes\":\"2\",\"TimeLimit\":\"01:00:00\"}");
    client.abort(job);
  }

  @Test
  void tagsCanBeChangedAndAStatusCannot() {
    String job = client.submit("{'Tags':['a'],'Executable':'date'}");
    HttpResponse<byte[]> response =
        client.send(
            "PUT",
            job,
            "{\"tags\":[\"b\",\"c\"],\"status\":\"RUNNING\"}".getBytes(UTF_8),
            "Accept",
            "application/json",
            "Content-Type",
            "application/json");

    assertThat(SiteClient.read(response.body()))
        .hasToString("{\"tags\":\"OK\",\"status\":\"Property not found or cannot be modified!\"}");
    assertThat(client.json(job).get("tags")).hasToString("[\"b\",\"c\"]");
  }
}

package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.FakeSite;
import io.unicoredask.cluster.TestSites;
import io.unicoredask.cluster.identity.HandsOffException;
import io.unicoredask.cluster.request.ScriptRequest;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.unicore.Job;
import io.unicoredask.unicore.JobStatus;
import io.unicoredask.unicore.UnicoreException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A script is run once, and its end told once, whatever comes between. */
class ScriptKeeperTest {

  private static final Waiting RUNNING = new Waiting("running", Phase.RUN_SCRIPT, NOW, false);

  private final FakeSite site = new FakeSite("hpc");
  private final Map<String, Object> variables = new HashMap<>(Map.of("script", "print('done')"));
  private FakeKeeping keeping;
  private ScriptKeeper keeper;

  @AfterEach
  void close() {
    keeping.close();
  }

  @Test
  void aScriptIsSubmittedOnceAndItsUrlIsOnRecordThen() {
    script(Situation.of().reachable());

    assertThat(keeper.turn().pause()).isPresent();
    assertThat(keeper.turn().pause()).isPresent();
    assertThat(site.calls("submit")).isEqualTo(1);
    assertThat(keeping.records.script.job().orElseThrow().job()).hasToString("jobs/1");
    assertThat(keeping.records.outputs)
        .containsEntry("scriptJobUrl", "https://hpc.example.org/HPC/rest/core/jobs/1");
    assertThat(keeping.actions).hasValue(1);
  }

  @Test
  void itIsToldWhereTheSchedulerIs() {
    script(Situation.of().reachable());
    keeper.turn();

    assertThat(site.submitted().get(0).path("Environment").toString())
        .contains("DASK_SCHEDULER_ADDRESS=tcp://node1:8786");
  }

  @Test
  void aSubmissionWhoseAnswerGotLostIsAdopted() {
    script(Situation.of().reachable());
    site.next(
        "submit",
        () -> {
          throw new UnicoreException("hpc", "POST", URI.create("jobs"), 0, true, "reset", null);
        });
    keeper.turn();
    assertThat(keeping.records.script.job()).isEmpty();

    keeper.turn();
    assertThat(keeping.records.script.job().orElseThrow().job()).hasToString("jobs/1");
    assertThat(site.calls("submit")).isEqualTo(1);
  }

  @Test
  void aJobThatTheSiteDoesNotTakeIsToldAtOnce() {
    script(Situation.of().reachable());
    site.refuses("submit", 400);

    assertThat(keeper.turn()).isEqualTo(Next.NEVER);
    assertThat(failure().error()).isEqualTo(ClusterError.DASK_JOB_REFUSED);
  }

  @Test
  void withoutASchedulerThereIsNothingToRunItIn() {
    script(Situation.of().submitted());

    assertThat(keeper.turn()).isEqualTo(Next.NEVER);
    assertThat(failure().error()).isEqualTo(ClusterError.DASK_INVALID_REQUEST);
    assertThat(failure().message()).contains("run it in a cluster that is ready");
    assertThat(site.calls()).isEmpty();
  }

  @Test
  void whatItWritesIsReadWhileItRuns() {
    script(Situation.of().reachable());
    keeper.turn();
    site.has("stdout", "one\ntw");
    keeper.turn();
    assertThat(keeping.records.outputs).containsEntry("scriptOutput", "one\n");

    site.has("stdout", "one\ntwo\n");
    keeper.turn();
    assertThat(keeping.records.outputs).containsEntry("scriptOutput", "one\ntwo\n");
    assertThat(keeping.records.outcomes).isEmpty();
  }

  @Test
  void aScriptThatPrintsAllTheTimeIsLookedAtMoreAndMoreSeldom() {
    script(Situation.of().reachable());
    StringBuilder printed = new StringBuilder();
    Duration pause = Duration.ZERO;
    for (int look = 0; look < 20; look++) {
      site.has("stdout", printed.append("a line\n").toString());
      pause = keeper.turn().pause().orElseThrow();
    }

    assertThat(pause).isGreaterThan(keeping.pace().longest().dividedBy(2));
  }

  @Test
  void whatStaysAsItWasIsNotWritten() {
    script(Situation.of().reachable());
    keeper.turn();
    keeping.records.fail(1, new IllegalStateException("nobody should write"));
    keeper.turn();

    assertThat(keeping.records.beforeWriting).hasSize(1);
  }

  @Test
  void itsEndIsToldWithItsExitCodeAndItsResults() {
    variables.put("resultFiles", "{\"answer\": \"out/answer.json\"}");
    script(Situation.of().reachable());
    keeper.turn();
    site.has("out/answer.json", "42").has("stdout", "unfinished line");
    ends(JobStatus.SUCCESSFUL, 0);

    assertThat(keeper.turn()).isEqualTo(Next.NEVER);
    assertThat(keeping.records.outcomes).containsEntry("running", new Outcome.Done());
    assertThat(keeping.records.outputs)
        .containsEntry("scriptExitCode", 0)
        .containsEntry("scriptOutput", "unfinished line\n");
    assertThat((ResultFile) keeping.records.outputs.get("answer"))
        .satisfies(
            file -> {
              assertThat(file.name()).isEqualTo("answer.json");
              assertThat(file.content()).asString().isEqualTo("42");
            });
  }

  @Test
  void aScriptThatFailsSaysWhatItHasWritten() {
    script(Situation.of().reachable());
    keeper.turn();
    site.has("stderr", "ZeroDivisionError\n");
    ends(JobStatus.FAILED, 1);

    assertThat(keeper.turn()).isEqualTo(Next.NEVER);
    assertThat(failure().error()).isEqualTo(ClusterError.DASK_SCRIPT_FAILED);
    assertThat(failure().message()).contains("exit code 1", "ZeroDivisionError");
    assertThat(keeping.records.outputs)
        .containsEntry("scriptExitCode", 1)
        .containsEntry("scriptOutput", "ZeroDivisionError\n");
  }

  @Test
  void aResultThatIsMissingFailsIt() {
    variables.put("resultFiles", "{\"answer\": \"answer.json\"}");
    script(Situation.of().reachable());
    keeper.turn();
    ends(JobStatus.SUCCESSFUL, 0);
    keeper.turn();

    assertThat(failure().message()).endsWith("did not write the result file answer.json");
  }

  @Test
  void aJobThatIsGoneFromTheSiteHasFailed() {
    script(Situation.of().reachable());
    keeping.records.script =
        new ScriptRun(
            keeping.records.script.request(),
            Optional.of(
                ScriptJob.submitted(URI.create("jobs/gone"), "stdout", "stderr", Map.of())));
    keeper.turn();

    assertThat(failure().error()).isEqualTo(ClusterError.DASK_SCRIPT_FAILED);
    assertThat(failure().message()).contains("jobs/gone is gone from site 'hpc'");
  }

  @Test
  void theNodeThatTakesOverGoesOnWhereTheOtherWas() {
    script(Situation.of().reachable());
    site.add("there", JobStatus.RUNNING);
    site.has("stdout", "read before\nnew\n");
    keeping.records.script =
        new ScriptRun(
            keeping.records.script.request(),
            Optional.of(
                ScriptJob.submitted(URI.create("jobs/there"), "stdout", "stderr", Map.of())
                    .with()
                    .stdoutRead(12)
                    .output("read before\n")
                    .build()));
    keeper.turn();

    assertThat(site.calls("submit")).isZero();
    assertThat(keeping.records.outputs).containsEntry("scriptOutput", "read before\nnew\n");
  }

  @Test
  void aScriptThatNobodyWaitsForAnyMoreIsEnded() {
    script(Situation.of().reachable());
    keeper.turn();
    keeping.records.gone.add("running");

    assertThat(keeper.turn()).isEqualTo(Next.NEVER);
    assertThat(site.calls("abort jobs/1")).isEqualTo(1);
  }

  @Test
  void itsEndIsTriedAgainWhereTheSiteIsAway() {
    script(Situation.of().reachable());
    keeper.turn();
    keeping.records.gone.add("running");
    site.refuses("abort", 503).refuses("abort", 403);

    assertThat(keeper.turn().pause()).isPresent();
    assertThat(keeper.turn()).as("which stays as it is").isEqualTo(Next.NEVER);
  }

  @Test
  void whatNobodyHasWaitedForSinceThisNodeLooksIsLeftToTheSweep() {
    script(Situation.of().reachable());
    keeping.records.gone.add("running");

    assertThat(keeper.turn()).isEqualTo(Next.NEVER);
    assertThat(site.calls()).isEmpty();
  }

  @Test
  void aSiteThatIsAwayIsNoFailureAndAnIncidentWhenItLasts() {
    script(Situation.of().reachable());
    site.refuses("jobs", 503).refuses("jobs", 503);
    keeper.turn();
    assertThat(keeping.records.incidents).isEmpty();

    keeping.now = NOW.plus(Duration.ofMinutes(5));
    keeper.turn();
    assertThat(keeping.records.incidents).containsKey("running");
    keeper.turn();
    assertThat(keeping.records.incidents).isEmpty();
    assertThat(keeping.records.outcomes).isEmpty();
  }

  @Test
  void anEngineThatMayNotActSubmitsNothingAndSaysSo() {
    script(Situation.of().reachable());
    keeping.permit =
        name -> {
          throw new HandsOffException("another engine acts at site 'hpc'", false);
        };
    keeper.turn();

    assertThat(site.calls()).isEmpty();
    assertThat(keeping.records.incidents)
        .containsEntry("running", "Another engine acts at site 'hpc'");
  }

  @Test
  void nothingIsToldWhenLeadershipIsLost() {
    script(Situation.of().reachable());
    keeper.turn();
    ends(JobStatus.SUCCESSFUL, 0);
    keeping.mayAct = false;

    assertThat(keeper.turn().pause()).isPresent();
    assertThat(keeping.records.outcomes).isEmpty();
  }

  @Test
  void anErrorInALookDoesNotLoseTheScript() {
    script(Situation.of().reachable());
    keeper.turn();
    site.next(
        "job jobs/1",
        () -> {
          throw new NoClassDefFoundError("meant to fail");
        });
    assertThat(keeper.turn().pause()).isPresent();

    ends(JobStatus.SUCCESSFUL, 0);
    assertThat(keeper.turn()).isEqualTo(Next.NEVER);
    assertThat(keeping.records.outcomes).containsKey("running");
  }

  private Outcome.Failed failure() {
    return (Outcome.Failed) keeping.records.outcomes.get("running");
  }

  private void ends(JobStatus status, int exitCode) {
    site.put(
        "1",
        new Job(
            status,
            "",
            exitCode,
            "slurm-1",
            "BATCH",
            "batch",
            null,
            List.of(),
            URI.create("s/1"),
            null));
  }

  private void script(Situation in) {
    Recorded recorded =
        new Recorded(in.cluster(), new Demand(null, in.request(), List.of(RUNNING), false), 1);
    FakeRecords records = new FakeRecords(recorded, new ArrayList<>());
    ScriptRequest request =
        ScriptRequest.of(
            variables, "run-1", "hpc", new Sites(List.of(TestSites.unreachable("hpc"))));
    records.script = new ScriptRun(request, Optional.empty());
    keeping = new FakeKeeping(site, records);
    keeper = new ScriptKeeper(RUNNING, new ClusterKeeper(recorded, keeping), keeping);
  }
}

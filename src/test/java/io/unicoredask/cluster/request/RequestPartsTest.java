package io.unicoredask.cluster.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.unicoredask.cluster.request.ClusterSize.Unit;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The small parts that a request is made of. */
class RequestPartsTest {

  // Sizes

  @ParameterizedTest
  @CsvSource({
    "0, 1, 0",
    "1, 1, 1",
    "4, 1, 4",
    "4, 4, 1",
    "5, 4, 2",
    "8, 4, 2",
    "1, 8, 1",
    "100000, 16, 6250"
  })
  void workersTakeAsManyJobsAsTheyNeed(int workers, int processes, int jobs) {
    assertThat(ClusterSize.workers(workers).jobsOf(processes)).isEqualTo(jobs);
  }

  @Test
  void jobsAreJobsHoweverManyWorkersTheyRun() {
    assertThat(ClusterSize.jobs(3).jobsOf(16)).isEqualTo(3);
  }

  @Test
  void theLargestIsWhatItMayBecome() {
    ClusterSize adapting = ClusterSize.within(new AdaptiveBounds(2, 9, 3));

    assertThat(adapting.largest()).isEqualTo(new ClusterSize(9, null, Unit.WORKERS));
    assertThat(ClusterSize.jobs(3).largest()).isEqualTo(ClusterSize.jobs(3));
    assertThat(adapting.variable()).isEqualTo("adapt");
    assertThat(ClusterSize.jobs(3).variable()).isEqualTo("jobs");
    assertThat(ClusterSize.workers(3).variable()).isEqualTo("workers");
  }

  @ParameterizedTest
  @CsvSource({"0, 2", "2, 2", "5, 5", "9, 9", "10, 9"})
  void boundsAreKept(int wanted, int workers) {
    assertThat(new AdaptiveBounds(2, 9, 3).clamp(wanted)).isEqualTo(workers);
  }

  // Names

  @ParameterizedTest
  @CsvSource({
    "local_port, localPort",
    "LOCALPORT, localPort",
    "Workers, workers",
    "queue_timeout, queueTimeout",
    "n_workers, workers",
    "local-port, localPort",
    "local.port, localPort",
    "Local Port, localPort",
    "queu, queue",
    "queeu, queue",
    "queues, queue",
    "prokect, project",
    "localDashbordPort, localDashboardPort",
    "workerTimeout, workersTimeout",
    "worker, workers",
    "nworkers, workers",
    "num_workers, workers",
    "numberOfWorkers, workers",
    "workerCount, workers",
    "njobs, jobs",
    "job_count, jobs",
    "thread, threads",
    "process, processes",
    "nprocesses, processes"
  })
  void aNameThatIsMeantToBeAVariablesIsCorrected(String name, String right) {
    assertThat(NearMisses.problems(List.of(name)))
        .containsExactly("%s is no variable of a cluster; use %s".formatted(name, right));
  }

  @ParameterizedTest
  @CsvSource({
    "script_arguments, scriptArguments",
    "scriptArgument, scriptArguments",
    "scriptargs, ",
    "script-job, scriptJob",
    "resultfiles, resultFiles",
    "queu, queue"
  })
  void aNameThatIsMeantToBeAScriptsVariableIsCorrected(String name, String right) {
    String kind = "queue".equals(right) ? "cluster" : "script";
    assertThat(NearMisses.problemsOfScript(List.of(name, "worker")))
        .isEqualTo(
            right == null
                ? List.of()
                : List.of("%s is no variable of a %s; use %s".formatted(name, kind, right)));
  }

  @Test
  void parametersOfUnicoreClusterThatAreNoVariablesAreRefusedWithWhatIsInTheirPlace() {
    assertThat(NearMisses.problems(List.of("name", "asynchronous")))
        .containsExactly(
            "asynchronous is no variable of a cluster; leave it out: a start is always answered at once, and clusterStatus says how far it is",
            "name is no variable of a cluster; use the business key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "workers",
        "localPort",
        "scriptArguments",
        "myVariable",
        "port",
        "input",
        "",
        "Name",
        "names",
        "customer",
        "result",
        "queueName",
        "jobName",
        "job",
        "size",
        "side",
        "word",
        "words",
        "fork",
        "suite",
        "queued",
        "queue2",
        "project1",
        "treads",
        "processed",
        "threats",
        "adopt",
        "protect",
        "number",
        "count",
        "nodes"
      })
  void otherNamesAreRightOrTheUsers(String name) {
    assertThat(NearMisses.problems(List.of(name))).isEmpty();
  }

  @Test
  void allThatAreMeantOtherwiseAreSaidInOrder() {
    assertThat(NearMisses.problems(List.of("Workers", "JOBS")))
        .extracting(problem -> problem.substring(0, 4))
        .containsExactly("JOBS", "Work");
  }

  @ParameterizedTest
  @CsvSource({
    "schedulerAddress, the cluster writes it",
    "dashboardUrl, the cluster writes it",
    "scriptOutput, the cluster writes it",
    "cluster, it is the process's own record",
    "daskWaiting, it is the process's own record",
    "daskTeardown, it would hide what the process calls ${daskTeardown}",
    "daskAnythingLater, it would hide what the process calls ${daskAnythingLater}"
  })
  void aNameThatIsOursIsReservedForAReason(String name, String reason) {
    assertThat(ReservedNames.contains(name)).isTrue();
    assertThat(ReservedNames.problems(List.of(name)))
        .containsExactly("%s may not be given: %s".formatted(name, reason));
  }

  @ParameterizedTest
  @ValueSource(strings = {"workers", "dask", "daskworker", "dask_x", "myDaskTeardown", "clusters"})
  void otherNamesAreFree(String name) {
    assertThat(ReservedNames.contains(name)).isFalse();
  }

  @Test
  void noInputIsReserved() {
    assertThat(ClusterVariable.values())
        .noneMatch(variable -> ReservedNames.contains(variable.variableName()));
    assertThat(ScriptRequest.VARIABLES).noneMatch(ReservedNames::contains);
  }

  // Tags

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dask-cluster-e1-c1",
        "DASK-CLUSTER-x",
        "camunda-unicore-dask",
        "mine,dask-cluster-e1-c1",
        "mine; camunda-unicore-dask-e1",
        "a dask-cluster-b"
      })
  void aTagThatWouldGiveAJobAwayIsRefused(String tag) {
    assertThat(OwnTags.problems("workerJob", tags(tag)))
        .singleElement()
        .asString()
        .startsWith("workerJob has the tag '" + tag + "', which is not allowed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mine", "my-dask-cluster-1", "dask", "camunda"})
  void otherTagsAreTheUsers(String tag) {
    assertThat(OwnTags.problems("workerJob", tags(tag))).isEmpty();
  }

  // What is allowed, and how it is said

  @Test
  void whatIsAllowedIsSaidInATableAndInARefusal() {
    Allowed range = new Allowed.Range(0, 9);
    Allowed choice = Allowed.choice(TunnelKind.values(), TunnelKind::value);

    assertThat(range.inTable()).isEqualTo("0 to 9");
    assertThat(range.inRefusal()).isEqualTo("a whole number from 0 to 9");
    assertThat(choice.inTable()).isEqualTo("`auto`, `relay`, `direct`");
    assertThat(choice.inRefusal()).isEqualTo("auto or relay or direct");
    assertThat(choice.shown("auto")).isEqualTo("`auto`");
    assertThat(range.shown("4")).isEqualTo("4");
    assertThat(new Allowed.Truth().inRefusal()).isEqualTo("true or false");
  }

  @ParameterizedTest
  @CsvSource({"-1, false", "0, true", "9, true", "10, false"})
  void aRangeHasBothItsEnds(int number, boolean contained) {
    assertThat(new Allowed.Range(0, 9).contains(number)).isEqualTo(contained);
  }

  @ParameterizedTest
  @EnumSource(TimeLimit.class)
  void eachTimeLimitHasAVariableWithADefaultThatIsATime(TimeLimit limit) {
    assertThat(ClusterVariable.isOne(limit.variable())).isTrue();
    assertThat(limit.defaultValue()).isGreaterThan(Duration.ZERO);
  }

  @Test
  void noTwoOutputsShareAName() {
    assertThat(Outputs.CLUSTER.stream().flatMap(output -> output.names().stream()))
        .doesNotHaveDuplicates();
    assertThat(Outputs.names()).contains("clusterStatus", "scriptExitCode");
  }

  private static ArrayNode tags(String... tags) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    Arrays.stream(tags).forEach(array::add);
    return array;
  }
}

package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.job;
import static io.unicoredask.cluster.keeper.Situation.worker;
import static io.unicoredask.cluster.keeper.Situation.workers;
import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.FakeSite;
import io.unicoredask.cluster.keeper.WorkerJob.Status;
import io.unicoredask.cluster.site.RequestBudget;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.cluster.site.SiteDefaults;
import io.unicoredask.dask.WorkerLoad;
import io.unicoredask.unicore.JobStatus;
import io.unicoredask.unicore.UnicoreException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is done at a site, and what is said to have come of it. */
class ActorTest {

  private static final BooleanSupplier NEVER_ENOUGH = () -> false;

  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final SiteThreads threads = new SiteThreads("hpc", new RequestBudget(10_000), clock);
  private final FakeSite site = new FakeSite("hpc");
  private final FakeTunnels tunnels = new FakeTunnels();
  private final FakeScheduler scheduler = tunnels.scheduler;
  private final Actor actor = new Actor(new Site(site, null, SiteDefaults.NONE), tunnels, threads);
  private final Situation ready =
      Situation.of().reachable().asked("workerJob", "{\"Executable\": \"dask-worker\"}");

  @AfterEach
  void stop() {
    threads.stop();
    clock.shutdownNow();
  }

  // Submitting

  @Test
  void whatIsNewlyWantedIsSubmittedWithoutAskingForItFirst() {
    actor.isWanted("worker-1");

    assertThat(act(new Action.Submit("worker-1")))
        .containsExactly(new Result.Submitted("worker-1", URI.create("jobs/1"), Optional.empty()));
    assertThat(site.calls()).containsExactly("submit");
  }

  @Test
  void whatIsTriedAgainIsAskedForFirst() {
    actor.isWanted("worker-1");
    site.next(
        "submit",
        () -> {
          throw new UnicoreException("hpc", "POST", URI.create("jobs"), 0, true, "reset", null);
        });
    assertThat(act(new Action.Submit("worker-1")).get(0)).isInstanceOf(Result.Postponed.class);

    assertThat(act(new Action.Submit("worker-1")).get(0)).isInstanceOf(Result.Submitted.class);
    assertThat(site.calls()).containsExactly("submit", "jobs");
  }

  @Test
  void whatAnotherNodeMayHaveSubmittedIsAskedForFirst() {
    URI there = site.add("there", JobStatus.QUEUED, "dask-cluster-e1-c1-worker-1");

    assertThat(act(new Action.Submit("worker-1")))
        .containsExactly(new Result.Submitted("worker-1", there, Optional.empty()));
    assertThat(site.calls("submit")).isZero();
  }

  @Test
  void eachJobCarriesTheTagOfItsIntent() {
    actor.isWanted("worker-1");
    actor.isWanted("worker-2");
    act(new Action.Submit("worker-1"), new Action.Submit("worker-2"));

    assertThat(site.submitted())
        .extracting(submitted -> submitted.path("Tags").path(3).asText())
        .containsExactlyInAnyOrder("dask-cluster-e1-c1-worker-1", "dask-cluster-e1-c1-worker-2");
  }

  @Test
  void aJobThatTheSiteDoesNotTakeIsRefusedAndTheOthersAreNot() {
    actor.isWanted("worker-1");
    actor.isWanted("worker-2");
    site.refuses("submit", 400);

    List<Result> results = act(new Action.Submit("worker-1"), new Action.Submit("worker-2"));
    assertThat(results).hasSize(2);
    assertThat(results).hasAtLeastOneElementOfType(Result.Submitted.class);
    assertThat(results)
        .filteredOn(Result.Refused.class::isInstance)
        .singleElement()
        .extracting(refused -> ((Result.Refused) refused).reason().error())
        .isEqualTo(ClusterError.DASK_JOB_REFUSED);
  }

  @Test
  void aJobWhoseQueueTheSiteDoesNotHaveIsNotSubmitted() {
    actor.isWanted("scheduler");
    actor.isWanted("worker-1");
    site.offers("batch");
    Situation wrong = ready.asked("queue", "no-such-queue");

    List<Result> results =
        actor.act(
            wrong.cluster(),
            wrong.request(),
            List.of(new Action.Submit("scheduler"), new Action.Submit("worker-1")),
            NEVER_ENOUGH);
    assertThat(results).hasSize(2).allMatch(Result.Refused.class::isInstance);
    assertThat(site.calls("submit")).isZero();
  }

  @Test
  void submittingStopsWhenSomethingMoreImportantComesUp() {
    AtomicInteger asked = new AtomicInteger();
    List<Action> actions =
        Arrays.stream(workers(9, Status.WANTED))
            .<Action>map(one -> new Action.Submit(one.name()))
            .toList();
    actions.forEach(action -> actor.isWanted(((Action.Submit) action).purpose()));

    List<Result> results =
        actor.act(ready.cluster(), ready.request(), actions, () -> asked.incrementAndGet() > 3);
    assertThat(results).hasSize(3);
    assertThat(site.calls("submit")).isEqualTo(3);
  }

  @Test
  void jobsOfAnAllocationGoIntoItAndTheAllocationDoesNot() {
    ready
        .asked("allocation", "{\"Resources\": {\"Nodes\": 3}}")
        .with(one -> one.withAllocation(AllocationJob.wanted().submitted(job("allocation"))));
    site.add("allocation", JobStatus.RUNNING);
    actor.isWanted("worker-1");
    actor.isWanted(AllocationJob.PURPOSE);

    act(new Action.Submit("worker-1"));
    assertThat(site.calls("into jobs/allocation")).isEqualTo(1);
    act(new Action.Submit(AllocationJob.PURPOSE));
    assertThat(site.calls("into")).isEqualTo(1);
  }

  @Test
  void aWorkerThatRunsInAnAllocationWithoutALauncherIsWarnedOf() {
    ready
        .asked("allocation", "{\"Resources\": {\"Nodes\": 3}}")
        .with(one -> one.withAllocation(AllocationJob.wanted().submitted(job("allocation"))));
    actor.isWanted("worker-1");

    assertThat(((Result.Submitted) act(new Action.Submit("worker-1")).get(0)).warning())
        .hasValueSatisfying(warning -> assertThat(warning).contains("login node"));
  }

  // Ending

  @Test
  void portsAreClosedAtOnce() {
    assertThat(act(new Action.ClosePorts())).isEmpty();
    assertThat(tunnels.closed).containsExactly("e1-c1");
  }

  @Test
  void aSiteThatDoesNotAnswerPostponesTheEnd() {
    site.add("scheduler", JobStatus.RUNNING);
    site.refuses("jobs", 503);

    assertThat(act(new Action.End(true))).singleElement().isInstanceOf(Result.Postponed.class);
    assertThat(act(new Action.End(true)))
        .singleElement()
        .isInstanceOfSatisfying(Result.Ended.class, ended -> assertThat(ended.madeSure()).isTrue());
  }

  // Retiring

  @Test
  void workersAreRetiredBeforeTheirJobsAreEnded() {
    submitted(1, 2);
    scheduler.has("worker-1-0", "worker-1-1", "worker-2", "worker-10", "another");

    assertThat(retire(worker(1, Status.RETIRING)))
        .containsExactly(new Result.Retired(Set.of(1), true));
    assertThat(scheduler.retired).containsExactly("tcp://node:worker-1-0", "tcp://node:worker-1-1");
    assertThat(site.calls("abort")).isEqualTo(1);
  }

  @Test
  void jobsWithoutAWorkerAtTheSchedulerAreEndedWithoutAWordToIt() {
    submitted(1);

    assertThat(retire(worker(1, Status.RETIRING)))
        .containsExactly(new Result.Retired(Set.of(1), true));
    assertThat(scheduler.calls).containsExactly("workers");
  }

  @Test
  void aSchedulerThatIsSilentKeepsTheJobs() {
    submitted(1);
    scheduler.silent = true;

    assertThat(retire(worker(1, Status.RETIRING)))
        .singleElement()
        .isInstanceOf(Result.Postponed.class);
    assertThat(site.calls("abort")).isZero();
  }

  @Test
  void aRefusedEndCostsOnlyItself() {
    submitted(1, 2);
    site.refuses("abort jobs/worker-1", 503);

    assertThat(retire(worker(1, Status.RETIRING), worker(2, Status.RETIRING)))
        .hasSize(2)
        .contains(new Result.Retired(Set.of(2), true))
        .hasAtLeastOneElementOfType(Result.Postponed.class);
  }

  @Test
  void withoutTheSchedulersApiOnlyWhatKeepsResultsIsLost() {
    submitted(1, 2);
    scheduler.tellsWorkersApart = false;
    scheduler.loads = Optional.of(List.of(new WorkerLoad("worker-2", 0, 5)));

    assertThat(retire(worker(1, Status.RETIRING)))
        .containsExactly(new Result.Retired(Set.of(1), true));
    assertThat(retire(worker(2, Status.RETIRING)))
        .containsExactly(new Result.Retired(Set.of(2), false));
  }

  @Test
  void aJobThatIsNotKnownToBeSubmittedIsLookedForBeforeItIsEnded() {
    URI there = site.add("there", JobStatus.QUEUED, "dask-cluster-e1-c1-worker-7");

    assertThat(retire(worker(7, Status.WANTED), worker(8, Status.WANTED)))
        .containsExactly(new Result.Retired(Set.of(7, 8), true));
    assertThat(site.calls("abort")).isEqualTo(1);
    assertThat(site.calls()).contains("abort " + there);
  }

  // For people

  @Test
  void whatIsShownOfTheSchedulersJobHasTheTagsAndNoSecret() {
    String shown = actor.shown(ready.cluster(), ready.request(), "scheduler").toString();

    assertThat(shown)
        .contains("dask-cluster-e1-c1-scheduler")
        .doesNotContainPattern("[0-9a-f]{64}");
    assertThat(site.calls()).isEmpty();
  }

  private List<Result> act(Action... actions) {
    return actor.act(ready.cluster(), ready.request(), List.of(actions), NEVER_ENOUGH);
  }

  private List<Result> retire(WorkerJob... jobs) {
    return act(new Action.Retire(List.of(jobs)));
  }

  private void submitted(int... numbers) {
    Arrays.stream(numbers).forEach(number -> site.add("worker-" + number, JobStatus.RUNNING));
  }
}

package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.FakeSite;
import io.unicoredask.cluster.TestSites;
import io.unicoredask.cluster.identity.HandsOffException;
import io.unicoredask.cluster.request.ClusterRequest;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.dask.SchedulerHttpException;
import io.unicoredask.unicore.UnicoreException;
import io.unicoredask.unicore.UserCredentialException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** That a keeper loses nothing, and does nothing that is not on record. */
class ClusterKeeperTest {

  private static final String STARTING = "starting";

  private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
  private final FakeSite site = new FakeSite("hpc", calls);
  private final FakeRecords records = new FakeRecords(recorded(Phase.START_SCHEDULER), calls);
  private final FakeKeeping keeping = new FakeKeeping(site, records);
  private final ClusterKeeper keeper = new ClusterKeeper(records.recorded, keeping);

  @AfterEach
  void close() {
    keeping.close();
  }

  @Test
  void whatIsWantedIsOnRecordBeforeItIsSubmittedAndItsUrlAfterIt() {
    keeper.turn();

    assertThat(calls).containsSubsequence("announce", "submit", "write");
    assertThat(records.recorded.cluster().scheduler().job()).hasToString("jobs/1");
    assertThat(records.outputs).containsKeys("schedulerJobUrl", "clusterProgress");
  }

  @Test
  void nothingIsSubmittedBeforeItsIntentIsOnRecord() {
    records.fail(3, new Superseded());
    for (int i = 0; i < 3; i++) {
      assertThat(keeper.turn().pause()).isPresent();
    }
    assertThat(calls).isEmpty();

    keeper.turn();
    assertThat(site.calls("submit")).isEqualTo(1);
  }

  @Test
  void whatWasDoneIsPutDownThoughTheFirstWritesFail() {
    records.beforeWriting.add(() -> {});
    records.fail(1, new Superseded());
    records.fail(2, new IllegalStateException("no connection"));
    for (int i = 0; i < 2; i++) {
      keeper.turn();
      assertThat(records.recorded.cluster().scheduler().job()).isNull();
    }

    keeper.turn();
    assertThat(records.recorded.cluster().scheduler().job()).hasToString("jobs/1");
    assertThat(site.calls("submit")).isEqualTo(1);
  }

  @Test
  void whatIsOfNoteIsLoggedOnceThoughItCannotBePutDownAtFirst() {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger(ClusterLog.class);
    log.start();
    logger.addAppender(log);
    try {
      records.fail(3, new Superseded());
      for (int i = 0; i < 5; i++) {
        keeper.turn();
      }
    } finally {
      logger.detachAppender(log);
    }

    assertThat(log.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .filteredOn(line -> line.contains("the cluster has no workers"))
        .hasSize(1);
  }

  @Test
  void nothingIsDoneAnyMoreWhenLeadershipIsLost() {
    keeping.mayAct = false;

    assertThat(keeper.turn().pause()).isPresent();
    assertThat(calls).isEmpty();
    assertThat(records.incidents).isEmpty();
  }

  @Test
  void leadershipThatIsLostJustAfterAWriteIsSeenBeforeAnythingIsSubmitted() {
    records.beforeWriting.add(() -> keeping.mayAct = false);
    keeper.turn();

    assertThat(site.calls("submit")).isZero();
    assertThat(calls).containsExactly("announce");
  }

  @Test
  void whoTakesOverWritesOnlyWhatIsNew() {
    keeper.turn();
    keeper.turn();
    String progress = (String) records.outputs.get("clusterProgress");
    assertThat(progress).isNotNull();
    records.resolved.clear();
    records.outputs.clear();
    calls.clear();

    ClusterKeeper next =
        ClusterKeeper.takingOver(
            records.recorded, keeping, Set.of(), Map.of("clusterProgress", progress));
    next.turn();
    next.turn();
    assertThat(calls).doesNotContain("write");
    assertThat(records.outputs).isEmpty();
    assertThat(records.resolved).isEmpty();
  }

  /** Another node, or this one before its configuration was changed, may be called otherwise. */
  @Test
  void whoTakesOverSaysWhereItsOwnPortsAre() {
    Situation ready = Situation.of(Phase.MONITOR).reachable().with(one -> one.withLocalPort(0));
    records.recorded = new Recorded(ready.cluster(), recorded(Phase.MONITOR).demand(), 1);

    turnAsNext("tcp://another:4322");
    assertThat(records.outputs).containsEntry("schedulerAddress", "tcp://127.0.0.1:0");

    records.outputs.clear();
    turnAsNext("tcp://127.0.0.1:0");
    assertThat(records.outputs).doesNotContainKey("schedulerAddress");
  }

  private void turnAsNext(String toldBefore) {
    ClusterKeeper.takingOver(
            records.recorded, keeping, Set.of(), Map.of("schedulerAddress", toldBefore))
        .turn();
  }

  @Test
  void anIncidentThatAnotherHasOpenedGoesWhenTheClusterGoesOn() {
    keeper.turn();
    records.incidents.put(STARTING, "the site was away");

    ClusterKeeper.takingOver(records.recorded, keeping, records.incidents(), Map.of()).turn();
    assertThat(records.incidents).isEmpty();
  }

  @Test
  void anErrorInALookDoesNotLoseTheCluster() {
    keeper.turn();
    site.next(
        "job jobs/1",
        () -> {
          throw new NoClassDefFoundError("meant to fail");
        });

    assertThat(keeper.turn().pause()).isPresent();
    assertThat(records.incidents.get(STARTING)).contains("log of this node", "meant to fail");

    keeper.turn();
    assertThat(site.calls("job jobs/1")).isEqualTo(2);
    assertThat(records.incidents).isEmpty();
  }

  @Test
  void anErrorWhileSayingWhatHindersItDoesNotLoseItEither() {
    keeper.turn();
    site.refuses("job jobs/1", 403);
    records.beforeWriting.add(
        () -> {
          throw new StackOverflowError("meant to fail");
        });

    assertThat(keeper.turn().pause()).isPresent();
  }

  @Test
  void aSubmissionWhoseAnswerGotLostIsAdopted() {
    site.next(
        "submit",
        () -> {
          throw new UnicoreException("hpc", "POST", URI.create("jobs"), 0, true, "reset", null);
        });
    keeper.turn();
    assertThat(records.recorded.cluster().scheduler().job()).isNull();

    keeper.turn();
    assertThat(records.recorded.cluster().scheduler().job()).hasToString("jobs/1");
    assertThat(site.calls("submit")).isEqualTo(1);
  }

  @Test
  void aJobThatTheSiteDoesNotTakeIsToldAtOnce() {
    site.refuses("submit", 400);
    keeper.turn();

    assertThat(records.outcomes.get(STARTING))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.error()).isEqualTo(ClusterError.DASK_JOB_REFUSED));
  }

  @Test
  void aClusterThatIsGoneIsLookedAfterNoMore() {
    records.recorded = null;
    keeper.isChanged();

    assertThat(keeper.turn()).isEqualTo(Next.NEVER);
    assertThat(calls).isEmpty();
  }

  @Test
  void whatIsWantedNowIsReadWhenTheEngineHasChangedIt() {
    keeper.turn();
    records.recorded =
        new Recorded(records.recorded.cluster(), recorded(Phase.TEAR_DOWN).demand(), 2);
    keeper.isChanged();

    keeper.turn();
    assertThat(site.calls("abort jobs/1")).isEqualTo(1);
    assertThat(records.outcomes.get(STARTING)).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void nothingIsWrittenTwice() {
    keeper.turn();
    keeper.turn();
    long writes = calls.stream().filter("write"::equals).count();
    keeper.turn();
    keeper.turn();

    assertThat(calls.stream().filter("write"::equals).count()).isEqualTo(writes);
  }

  @Test
  void aSiteThatIsAwayIsSaidAtOnceAndAnIncidentWhenItLasts() {
    site.refuses("submit", 503).refuses("jobs", 503);
    keeper.turn();
    assertThat(progress()).contains("HTTP 503");
    assertThat(records.incidents).isEmpty();

    keeping.now = NOW.plus(keeping.incidentAfter());
    keeper.turn();
    assertThat(records.incidents).containsKey(STARTING);

    keeper.turn();
    keeper.turn();
    assertThat(progress()).contains("scheduler job");
    assertThat(records.incidents).isEmpty();
  }

  @Test
  void aConnectionThatSomebodysCredentialKeepsFromBeingForwardedIsSaidAsThat() {
    site.next(
        "submit",
        () -> {
          throw new SchedulerHttpException("no forwarded connection: 403 Forbidden");
        });
    site.next(
        "credential",
        () -> {
          throw new UserCredentialException("hpc", "alice", "GET /", 403, false, "it is refused");
        });

    keeper.turn();

    assertThat(records.incidents.get(STARTING))
        .startsWith("The credential of user 'alice' for site 'hpc': it is refused");
  }

  @Test
  void whatIsSaidOfAnOutageIsSaidOnce() {
    keeper.turn();
    for (int i = 0; i < 3; i++) {
      site.refuses("job jobs/1", 503);
      keeper.turn();
    }

    assertThat(calls.stream().filter("write"::equals).count())
        .as("the job's URL, and that the site is away")
        .isEqualTo(2);
  }

  @Test
  void anEngineThatMayNotActPutsNothingDownAsWanted() {
    keeping.permit =
        name -> {
          throw new HandsOffException("another engine acts at site 'hpc'", false);
        };
    keeper.turn();

    assertThat(calls).doesNotContain("announce", "submit");
    assertThat(progress()).isEqualTo("another engine acts at site 'hpc'");
    assertThat(records.incidents).containsKey(STARTING);
    assertThat(records.recorded.cluster().scheduler()).isNull();
  }

  @Test
  void aPermitThatIsLostBeforeTheSubmissionStopsIt() {
    AtomicInteger asked = new AtomicInteger();
    keeping.permit =
        name -> {
          if (asked.incrementAndGet() > 1) {
            throw new HandsOffException("taken over meanwhile", true);
          }
        };
    keeper.turn();

    assertThat(calls).contains("announce").doesNotContain("submit");
  }

  @Test
  void whatWasWrittenBeforeAFailureIsReadAnew() {
    keeper.turn();
    site.next(
        "job jobs/1",
        () -> {
          throw new IllegalStateException("the database does not answer");
        });
    keeper.turn();
    Cluster onRecord =
        records.recorded.cluster().withScheduler(SchedulerJob.wanted()).withRestarts(1);
    records.recorded = new Recorded(onRecord, records.recorded.demand(), 1);

    keeper.turn();
    assertThat(keeper.cluster().schedulerPurpose()).isEqualTo("scheduler-2");
  }

  @Test
  void itComesAtOnceWhenTheEngineHasChangedItMeanwhile() {
    site.next("submit", keeper::isChanged);

    assertThat(keeper.turn()).isEqualTo(Next.NOW);
  }

  @Test
  void whatItIsToldTwiceOfOneChangeIsOneChange() {
    assertThat(keeper.isOlderThan(1)).isFalse();
    assertThat(keeper.isOlderThan(2)).isTrue();
    keeper.isChanged();
    assertThat(keeper.isOlderThan(2)).as("it reads it anyway").isFalse();
  }

  @Test
  void ofAClusterForWhichOnlyAScriptWaitsNothingIsAsked() {
    Recorded aside = recorded(Phase.RUN_SCRIPT);
    ClusterKeeper idle = new ClusterKeeper(aside, keeping);

    assertThat(idle.turn().pause()).isPresent();
    assertThat(calls).isEmpty();
  }

  @Test
  void whoDebugsSeesWhatWasSubmitted() {
    records.recorded = recorded(Phase.START_SCHEDULER, Map.of("debug", true));
    new ClusterKeeper(records.recorded, keeping).turn();

    assertThat(records.outputs.get("schedulerJobDescription").toString())
        .contains("dask-cluster-e1-c1-scheduler")
        .doesNotContainPattern("[0-9a-f]{64}");
  }

  private String progress() {
    return (String) records.outputs.get("clusterProgress");
  }

  @Test
  void aJobThatQueuesForLongIsLookedAtWithoutAWrite() {
    keeper.turn();
    keeper.turn();
    long writes = calls.stream().filter("write"::equals).count();
    keeping.now = NOW.plus(Duration.ofMinutes(5));
    for (int i = 0; i < 4; i++) {
      keeper.turn();
    }

    assertThat(calls.stream().filter("write"::equals).count()).isEqualTo(writes);
  }

  @Test
  void aHintAtTheSchedulersJobHasItsStatusAskedForAlsoWhereOnlyItsFileWouldBe() {
    keeper.turn();
    keeper.turn();
    keeping.now = NOW.plus(Duration.ofMinutes(5));
    // From now on each second look is for the file alone.
    List<Long> asked = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      long before = site.calls("job jobs/1");
      assertThat(keeper.hints("hpc", URI.create("jobs/1"))).isTrue();
      keeper.turn();
      asked.add(site.calls("job jobs/1") - before);
    }

    assertThat(asked).containsOnly(1L);
  }

  @Test
  void aJobOfAnotherClusterOrSiteIsNoneOfItsOwn() {
    keeper.turn();

    assertThat(keeper.hints("hpc", URI.create("jobs/2"))).isFalse();
    assertThat(keeper.hints("another", URI.create("jobs/1"))).isFalse();
  }

  private static Recorded recorded(Phase phase) {
    return recorded(phase, Map.of());
  }

  private static Recorded recorded(Phase phase, Map<String, ?> variables) {
    ClusterRequest request =
        ClusterRequest.of(variables, new Sites(List.of(TestSites.unreachable("hpc"))));
    Demand demand =
        new Demand(null, request, List.of(new Waiting(STARTING, phase, NOW, false)), false);
    return new Recorded(Cluster.planned("e1-c1", "hpc"), demand, 1);
  }
}

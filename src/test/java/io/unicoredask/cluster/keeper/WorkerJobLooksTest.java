package io.unicoredask.cluster.keeper;

import static io.unicoredask.cluster.keeper.Situation.NOW;
import static io.unicoredask.cluster.keeper.Situation.has;
import static io.unicoredask.cluster.keeper.Situation.worker;
import static org.assertj.core.api.Assertions.assertThat;

import io.unicoredask.cluster.FakeSite;
import io.unicoredask.cluster.keeper.WorkerJob.Status;
import io.unicoredask.unicore.JobStatus;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How often a site is asked about worker jobs. */
class WorkerJobLooksTest {

  private final FakeSite site = new FakeSite("hpc");
  private final WorkerJobLooks looks = new WorkerJobLooks(new JobReader(site));

  @Test
  void aThousandQueuedJobsCostTenRequestsALook() {
    Cluster cluster = queued(1000);

    for (int look = 0; look < 20; look++) {
      assertThat(looks.look(cluster, has(), Set.of(), NOW.plusSeconds(look))).hasSize(10);
    }
    assertThat(site.calls("job ")).isEqualTo(200);
    assertThat(site.calls()).as("each in its turn").doesNotHaveDuplicates();
  }

  @Test
  void eachIsLookedAtTheMoreSeldomTheLongerItStaysAsItIs() {
    Cluster cluster = queued(3);
    List<Long> perMinute = new ArrayList<>();
    Instant now = NOW;
    for (int minute = 0; minute < 30; minute++) {
      long before = site.calls("job ");
      for (int tick = 0; tick < 120; tick++) {
        now = now.plus(Duration.ofMillis(500));
        looks.look(cluster, has(), Set.of(), now);
      }
      perMinute.add(site.calls("job ") - before);
    }

    assertThat(perMinute.get(0)).isGreaterThan(3 * perMinute.get(5));
    assertThat(perMinute.subList(10, 30)).allMatch(count -> count <= 6);
    assertThat(perMinute.subList(10, 30).stream().mapToLong(Long::longValue).sum())
        .as("about once a minute each")
        .isBetween(40L, 60L);
  }

  @Test
  void thoseComeFirstWhoseWorkersTheSchedulerHad() {
    List<WorkerJob> jobs = new ArrayList<>(queued(100).workers());
    looks.look(Cluster.planned("e1-c1", "hpc").withWorkers(jobs), has(), Set.of(), NOW);
    jobs.set(99, worker(100, Status.CONNECTED));
    Cluster cluster = Cluster.planned("e1-c1", "hpc").withWorkers(jobs);

    assertThat(looks.look(cluster, has(), Set.of(), NOW)).containsKey(100).hasSize(10);
  }

  @Test
  void thoseOfWhichSomethingIsSaidComeFirstThoughTheirTimeHasNotCome() {
    Cluster cluster = queued(40);
    for (int look = 0; look < 4; look++) {
      looks.look(cluster, has(), Set.of(), NOW);
    }
    assertThat(looks.look(cluster, has(), Set.of(), NOW)).isEmpty();

    assertThat(looks.look(cluster, has(), jobs(7, 33, 41), NOW)).containsOnlyKeys(7, 33);
    assertThat(looks.look(cluster, has(), Set.of(), NOW)).isEmpty();
  }

  @Test
  void ofManyOfWhichSomethingIsSaidThoseThatAreLeftComeFirstTheNextTime() {
    Cluster cluster = queued(100);

    Set<Integer> first =
        looks.look(cluster, has(), jobs(IntStream.rangeClosed(61, 75).toArray()), NOW).keySet();
    Set<Integer> then = looks.look(cluster, has(), Set.of(), NOW).keySet();

    assertThat(first).hasSize(10).allMatch(number -> number >= 61 && number <= 75);
    assertThat(then).hasSize(10).filteredOn(number -> number >= 61 && number <= 75).hasSize(5);
  }

  @Test
  void whatIsSaidDoesNotChangeHowOftenAJobIsLookedAt() {
    Cluster cluster = queued(1);
    Instant now = NOW;
    for (int look = 0; look < 100; look++) {
      now = now.plusSeconds(1);
      looks.look(cluster, has(), Set.of(), now);
    }
    looks.look(cluster, has(), jobs(1), now);
    long before = site.calls("job ");
    for (int look = 0; look < 59; look++) {
      now = now.plusSeconds(1);
      looks.look(cluster, has(), Set.of(), now);
    }

    assertThat(site.calls("job ") - before).isLessThanOrEqualTo(1);
  }

  @Test
  void nobodyAsksAboutWhatTheSchedulerHas() {
    Cluster cluster = queued(2);

    assertThat(looks.look(cluster, has(1, 2), Set.of(), NOW)).isEmpty();
    assertThat(looks.look(cluster, has(1), Set.of(), NOW)).containsOnlyKeys(2);
    assertThat(site.calls()).containsExactly("job jobs/worker-2");
  }

  @Test
  void nobodyAsksAboutWhatIsNotSubmittedOrIsToEndOrIsKnownToBeLost() {
    Cluster cluster =
        Cluster.planned("e1-c1", "hpc")
            .withWorkers(
                List.of(
                    worker(1, Status.WANTED), worker(2, Status.RETIRING), worker(3, Status.LOST)));

    assertThat(looks.look(cluster, has(), Set.of(), NOW)).isEmpty();
  }

  @Test
  void aRefusedCallIsNoReasonToKnowNothing() {
    Cluster cluster = queued(2);
    site.refuses("job jobs/worker-1", 503);

    Map<Integer, JobSeen> seen = looks.look(cluster, has(), Set.of(), NOW);
    assertThat(seen.get(1)).isInstanceOf(JobSeen.Unknown.class);
    assertThat(seen.get(2)).isInstanceOf(JobSeen.Alive.class);
  }

  private static Set<URI> jobs(int... numbers) {
    return IntStream.of(numbers)
        .mapToObj(number -> URI.create("jobs/worker-" + number))
        .collect(Collectors.toSet());
  }

  private Cluster queued(int count) {
    return Cluster.planned("e1-c1", "hpc")
        .withWorkers(
            IntStream.rangeClosed(1, count)
                .mapToObj(
                    number -> {
                      site.add("worker-" + number, JobStatus.QUEUED);
                      return worker(number, Status.QUEUED);
                    })
                .toList());
  }
}

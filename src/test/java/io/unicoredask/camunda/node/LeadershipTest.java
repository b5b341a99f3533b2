package io.unicoredask.camunda.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** One of several nodes leads, and another when it is gone. */
class LeadershipTest {

  private static final Duration LENGTH = Duration.ofSeconds(2);
  private static final String TABLE = "LOCKS";

  private final DataSource database = database();
  private final AtomicInteger leading = new AtomicInteger();
  private final AtomicInteger otherLeading = new AtomicInteger();

  private static DataSource database() {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    return database;
  }

  @BeforeEach
  void makeTheTable() {
    new JdbcTemplate(database)
        .execute(
            "CREATE TABLE LOCKS (name VARCHAR(64) NOT NULL, lock_until TIMESTAMP(3) NOT NULL,"
                + " locked_at TIMESTAMP(3) NOT NULL, locked_by VARCHAR(255) NOT NULL,"
                + " PRIMARY KEY (name))");
  }

  private Leadership node(AtomicInteger count) {
    Leadership node = new Leadership(database, TABLE, LENGTH);
    node.start(count::incrementAndGet, () -> count.decrementAndGet() >= 0);
    return node;
  }

  @Test
  void onlyOneLeadsAndTheOtherTakesOverAtOnceWhenItLeaves() {
    Leadership first = node(leading);
    await().until(() -> leading.get() == 1);
    try (Leadership second = node(otherLeading)) {
      await().during(LENGTH).until(() -> leading.get() == 1 && otherLeading.get() == 0);

      first.close();
      assertThat(leading).hasValue(0);
      await().until(() -> otherLeading.get() == 1);
      assertThat(second.isHeld()).isTrue();
    }
    assertThat(otherLeading).hasValue(0);
  }

  @Test
  void howeverOftenNodesStartThereIsOneRow() {
    for (int start = 0; start < 3; start++) {
      try (Leadership node = node(leading)) {
        await().until(() -> leading.get() == 1 && node.isHeld());
      }
    }

    assertThat(
            new JdbcTemplate(database).queryForObject("SELECT COUNT(*) FROM LOCKS", Integer.class))
        .isEqualTo(1);
  }

  @Test
  void aNodeThatCannotReachTheDatabaseLeadsNoMoreWhenItsLeaseIsOver() {
    try (Leadership node = node(leading)) {
      await().until(() -> leading.get() == 1);

      new JdbcTemplate(database).execute("ALTER TABLE LOCKS RENAME TO AWAY");
      await().until(() -> !node.isHeld());
      await().until(() -> leading.get() == 0);

      new JdbcTemplate(database).execute("ALTER TABLE AWAY RENAME TO LOCKS");
      await().until(() -> leading.get() == 1);
    }
  }

  @Test
  void whatEndsSlowlyDoesNotMakeALivingNodeLookDead() throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    Leadership slow = new Leadership(database, TABLE, LENGTH);
    slow.start(
        () -> {
          leading.incrementAndGet();
          try {
            ended.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        },
        () -> true);
    await().until(() -> leading.get() == 1);

    await().during(LENGTH.multipliedBy(2)).atMost(LENGTH.multipliedBy(10)).until(slow::isHeld);
    ended.countDown();
    slow.close();
  }

  @Test
  void aNodeThatIsStillDoingSomethingDoesNotGiveTheLeaseAway() {
    Leadership busy = new Leadership(database, TABLE, LENGTH);
    busy.start(leading::incrementAndGet, () -> false);
    await().until(() -> leading.get() == 1);
    busy.close();

    assertThat(lockedBy()).isEqualTo(busy.node());
    try (Leadership other = node(otherLeading)) {
      await().until(() -> otherLeading.get() == 1);
      assertThat(lockedBy()).isEqualTo(other.node());
    }
  }

  private String lockedBy() {
    return new JdbcTemplate(database)
        .queryForObject(
            "SELECT locked_by FROM LOCKS WHERE lock_until > CURRENT_TIMESTAMP(3)", String.class);
  }
}

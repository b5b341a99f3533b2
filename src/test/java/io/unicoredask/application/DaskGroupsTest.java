package io.unicoredask.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.unicoredask.ApplicationTest;
import java.util.List;
import org.camunda.bpm.engine.ProcessEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionOperations;

/** The groups are made whole, and once. */
@ApplicationTest
class DaskGroupsTest {

  private static final List<String> BOTH = List.of(DaskGroups.USERS, DaskGroups.OPERATORS);

  @Autowired private ProcessEngine engine;
  @Autowired private TransactionOperations transactions;

  @BeforeEach
  void delete() {
    BOTH.forEach(engine.getIdentityService()::deleteGroup);
    engine
        .getAuthorizationService()
        .createAuthorizationQuery()
        .groupIdIn(BOTH.toArray(String[]::new))
        .list()
        .forEach(one -> engine.getAuthorizationService().deleteAuthorization(one.getId()));
  }

  @AfterEach
  void makeThem() {
    delete();
    make(transactions);
  }

  @Test
  void aGroupThatAnAdministratorHasDeletedStaysAway() {
    make(transactions);
    engine.getIdentityService().deleteGroup(DaskGroups.USERS);
    make(transactions);

    assertThat(groups()).isEqualTo(1);
  }

  @Test
  void aNodeThatStartsAtTheSameTimeMayBeFirst() {
    make(
        new TransactionOperations() {
          @Override
          public <T> T execute(TransactionCallback<T> action) {
            make(transactions);
            return transactions.execute(action);
          }
        });

    areWhole();
  }

  @Test
  void aNodeThatDiesMeanwhileLeavesNoHalfOfOne() {
    TransactionOperations dying =
        new TransactionOperations() {
          @Override
          public <T> T execute(TransactionCallback<T> action) {
            return transactions.execute(status -> doAndDie(action, status));
          }
        };

    assertThatIllegalStateException().isThrownBy(() -> make(dying)).withMessage("dies");
    assertThat(groups()).isZero();

    make(transactions);
    areWhole();
  }

  private static <T> T doAndDie(TransactionCallback<T> action, TransactionStatus status) {
    action.doInTransaction(status);
    throw new IllegalStateException("dies");
  }

  private void make(TransactionOperations transactions) {
    new DaskGroups(engine, transactions).onApplicationEvent(null);
  }

  private void areWhole() {
    assertThat(groups()).isEqualTo(2);
    assertThat(grants(DaskGroups.USERS)).isEqualTo(7);
    assertThat(grants(DaskGroups.OPERATORS)).isEqualTo(8);
  }

  private long groups() {
    return engine
        .getIdentityService()
        .createGroupQuery()
        .groupIdIn(BOTH.toArray(String[]::new))
        .count();
  }

  private long grants(String group) {
    return engine.getAuthorizationService().createAuthorizationQuery().groupIdIn(group).count();
  }
}

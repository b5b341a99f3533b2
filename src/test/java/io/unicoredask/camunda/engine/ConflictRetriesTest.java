package io.unicoredask.camunda.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;

import java.sql.SQLException;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.impl.cmd.CorrelateMessageCmd;
import org.camunda.bpm.engine.impl.cmd.DeleteProcessInstanceCmd;
import org.camunda.bpm.engine.impl.interceptor.Command;
import org.camunda.bpm.engine.impl.interceptor.CommandInterceptor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is done again when two have changed the same at once, and what is not. */
class ConflictRetriesTest {

  private final ConflictRetries retries = new ConflictRetries();
  private final CorrelateMessageCmd message = mock(CorrelateMessageCmd.class);
  private int tries;
  private int conflicts;
  private int concerning = Integer.MAX_VALUE;
  private boolean concernsACluster = true;
  private RuntimeException conflict = new OptimisticLockingException("changed meanwhile");

  @BeforeEach
  void goOnWithAnEngine() {
    retries.setNext(
        new CommandInterceptor() {
          @Override
          public <T> T execute(Command<T> command) {
            tries++;
            if (concernsACluster && tries <= concerning) {
              ConflictRetries.concernsCluster();
            }
            if (tries <= conflicts) {
              throw conflict;
            }
            return null;
          }
        });
  }

  @Test
  void aMessageForAClusterIsSentAgain() {
    conflicts = 2;
    retries.execute(command(message));

    assertThat(tries).isEqualTo(3);
  }

  @Test
  void aDeletionOfAClusterIsTriedAgain() {
    conflicts = 1;
    retries.execute(command(mock(DeleteProcessInstanceCmd.class)));

    assertThat(tries).isEqualTo(2);
  }

  @Test
  void soIsOneThatPostgresqlStopsSinceSomethingNewHangsOnWhatIsDeleted() {
    conflict = failed("23503");
    conflicts = 1;
    retries.execute(command(mock(DeleteProcessInstanceCmd.class)));

    assertThat(tries).isEqualTo(2);
  }

  @Test
  void whatElseGoesWrongIsNotRepeated() {
    conflict = failed("23505");
    conflicts = 1;

    assertThatExceptionOfType(ProcessEngineException.class)
        .isThrownBy(() -> retries.execute(command(message)));
    assertThat(tries).isEqualTo(1);
  }

  private static ProcessEngineException failed(String sqlState) {
    return new ProcessEngineException(
        "while executing a database operation", new SQLException("violates", sqlState));
  }

  @Test
  void whatConcernsNoClusterIsTheHostsOwnBusiness() {
    concernsACluster = false;
    conflicts = 1;

    assertThatExceptionOfType(OptimisticLockingException.class)
        .isThrownBy(() -> retries.execute(command(message)));
    assertThat(tries).isEqualTo(1);
  }

  @Test
  void whatConcernedAClusterBeforeSaysNothingOfTheNext() {
    retries.execute(command(message));
    concernsACluster = false;
    conflicts = 9;

    assertThatExceptionOfType(OptimisticLockingException.class)
        .isThrownBy(() -> retries.execute(command(message)));
    assertThat(tries).isEqualTo(2);
  }

  @Test
  void eachTryHasToConcernAClusterItself() {
    concerning = 1;
    conflicts = 9;

    assertThatExceptionOfType(OptimisticLockingException.class)
        .isThrownBy(() -> retries.execute(command(message)));
    assertThat(tries).isEqualTo(2);
  }

  @Test
  void otherCommandsAreNotRepeated() {
    conflicts = 1;

    assertThatExceptionOfType(OptimisticLockingException.class)
        .isThrownBy(() -> retries.execute(context -> null));
    assertThat(tries).isEqualTo(1);
  }

  @SuppressWarnings("unchecked")
  private static Command<Object> command(Object command) {
    return (Command<Object>) command;
  }
}

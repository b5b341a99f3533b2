package io.unicoredask.camunda;

import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.util.Optional;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which work is taken for deleted. */
class DeletedWorkTest {

  private final DaskRuntime runtime = mock(DaskRuntime.class);
  private final ClusterTables tables = mock(ClusterTables.class);
  private final DelegateExecution work = mock(DelegateExecution.class);
  private final DeletedWork listener = new DeletedWork(runtime);

  @BeforeEach
  void aCluster() {
    when(runtime.tables()).thenReturn(tables);
    when(work.getProcessInstanceId()).thenReturn("instance");
    when(tables.ofInstance("instance")).thenReturn(Optional.of("e1-instance"));
  }

  @Test
  void workThatEndsByItselfIsNotDeleted() {
    when(work.isCanceled()).thenReturn(false);
    listener.notify(work);

    verify(tables, never()).workIsDeleted("e1-instance");
  }

  @Test
  void workThatIsEndedFromOutsideIsAndItsKeeperIsTold() {
    when(work.isCanceled()).thenReturn(true);
    listener.notify(work);

    verify(tables).workIsDeleted("e1-instance");
    verify(runtime).tellKeeper("e1-instance");
  }

  @Test
  void workWithoutAClusterConcernsNobody() {
    when(work.isCanceled()).thenReturn(true);
    when(tables.ofInstance("instance")).thenReturn(Optional.empty());
    listener.notify(work);

    verify(tables, never()).workIsDeleted("e1-instance");
  }
}

package io.unicoredask.camunda;

import io.unicoredask.camunda.engine.Authorizations;
import io.unicoredask.camunda.engine.Transaction;
import java.util.Optional;
import org.camunda.bpm.engine.authorization.HistoricProcessInstancePermissions;
import org.camunda.bpm.engine.authorization.ProcessDefinitionPermissions;
import org.camunda.bpm.engine.authorization.ProcessInstancePermissions;
import org.camunda.bpm.engine.authorization.Resources;
import org.camunda.bpm.engine.delegate.DelegateExecution;

/**
 * What an engine that checks authorisations lets the starter of a cluster do with it: see it, send
 * it messages, retry what is stuck, and delete it. All other clusters are as they were to them.
 */
final class StarterAuthorizations {

  private StarterAuthorizations() {}

  /** The user who makes the present call of the engine, if it checks what users may do. */
  private static Optional<String> checkedUser() {
    Transaction transaction = Transaction.current();
    return transaction
        .user()
        .filter(
            user -> transaction.engine().getProcessEngineConfiguration().isAuthorizationEnabled());
  }

  /** Whether who makes the present call may start a process; true if nobody is asked for. */
  static boolean mayStart(String processDefinitionKey) {
    return checkedUser().isEmpty()
        || Transaction.current()
            .authorizations()
            .allow(
                ProcessDefinitionPermissions.CREATE_INSTANCE,
                Resources.PROCESS_DEFINITION,
                processDefinitionKey);
  }

  /**
   * Whether who makes the present call may read a process instance; true if nobody is asked for.
   */
  static boolean mayRead(DelegateExecution execution, String instance) {
    // The engine checks nothing where a delegate has started the instance.
    return Transaction.current()
        .authorizations()
        .checked(
            () ->
                execution
                        .getProcessEngineServices()
                        .getRuntimeService()
                        .createProcessInstanceQuery()
                        .processInstanceId(instance)
                        .count()
                    > 0);
  }

  /** Gives them to who starts the instance. */
  static void give(DelegateExecution execution) {
    Authorizations authorizations = Transaction.current().authorizations();
    checkedUser()
        .ifPresent(
            user -> {
              authorizations.grant(
                  user,
                  execution,
                  Resources.PROCESS_INSTANCE,
                  ProcessInstancePermissions.READ,
                  ProcessInstancePermissions.UPDATE,
                  ProcessInstancePermissions.DELETE,
                  ProcessInstancePermissions.RETRY_JOB);
              if (authorizations.coverHistoricInstances()) {
                authorizations.grant(
                    user,
                    execution,
                    Resources.HISTORIC_PROCESS_INSTANCE,
                    HistoricProcessInstancePermissions.READ);
              }
            });
  }
}

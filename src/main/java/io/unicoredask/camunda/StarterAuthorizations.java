package io.unicoredask.camunda;

import java.util.Date;
import java.util.Optional;
import org.camunda.bpm.engine.authorization.Authorization;
import org.camunda.bpm.engine.authorization.HistoricProcessInstancePermissions;
import org.camunda.bpm.engine.authorization.Permission;
import org.camunda.bpm.engine.authorization.ProcessDefinitionPermissions;
import org.camunda.bpm.engine.authorization.ProcessInstancePermissions;
import org.camunda.bpm.engine.authorization.Resource;
import org.camunda.bpm.engine.authorization.Resources;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.history.event.HistoricProcessInstanceEventEntity;
import org.camunda.bpm.engine.impl.history.event.HistoryEvent;
import org.camunda.bpm.engine.impl.interceptor.CommandContext;
import org.camunda.bpm.engine.impl.persistence.entity.AuthorizationEntity;
import org.camunda.bpm.engine.impl.persistence.entity.ExecutionEntity;

/**
 * What an engine that checks authorisations lets the starter of a cluster do with it: see it, send
 * it messages, retry what is stuck, and delete it. All other clusters are as they were to them.
 */
final class StarterAuthorizations {

  private StarterAuthorizations() {}

  /** The user who makes the present call of the engine, if it checks what users may do. */
  private static Optional<String> checkedUser() {
    ProcessEngineConfigurationImpl engine = Context.getProcessEngineConfiguration();
    return Optional.ofNullable(Context.getCommandContext().getAuthenticatedUserId())
        .filter(user -> engine.isAuthorizationEnabled());
  }

  /** Whether who makes the present call may start a process; true if nobody is asked for. */
  static boolean mayStart(String processDefinitionKey) {
    return checkedUser().isEmpty()
        || Context.getCommandContext()
            .getAuthorizationManager()
            .isAuthorized(
                ProcessDefinitionPermissions.CREATE_INSTANCE,
                Resources.PROCESS_DEFINITION,
                processDefinitionKey);
  }

  /**
   * Whether who makes the present call may read a process instance; true if nobody is asked for.
   */
  static boolean mayRead(DelegateExecution execution, String instance) {
    CommandContext context = Context.getCommandContext();
    // Not so, where a delegate has started the instance.
    boolean checks = context.isAuthorizationCheckEnabled();
    context.setAuthorizationCheckEnabled(true);
    try {
      return execution
              .getProcessEngineServices()
              .getRuntimeService()
              .createProcessInstanceQuery()
              .processInstanceId(instance)
              .count()
          > 0;
    } finally {
      context.setAuthorizationCheckEnabled(checks);
    }
  }

  /**
   * Gives them to who starts the instance. The engine takes those on the instance back when it
   * ends, and the one on its history together with that.
   */
  static void give(DelegateExecution execution) {
    checkedUser()
        .ifPresent(
            user -> {
              String instance = execution.getProcessInstanceId();
              String root = ((ExecutionEntity) execution).getRootProcessInstanceId();
              insert(
                  grant(user, root, Resources.PROCESS_INSTANCE, instance),
                  ProcessInstancePermissions.READ,
                  ProcessInstancePermissions.UPDATE,
                  ProcessInstancePermissions.DELETE,
                  ProcessInstancePermissions.RETRY_JOB);
              if (Context.getProcessEngineConfiguration().isEnableHistoricInstancePermissions()) {
                AuthorizationEntity ofHistory =
                    grant(user, root, Resources.HISTORIC_PROCESS_INSTANCE, instance);
                ofHistory.setRemovalTime(removalTime(root));
                insert(ofHistory, HistoricProcessInstancePermissions.READ);
              }
            });
  }

  /** Known at the start already if the engine is configured so; else it is set at the end. */
  private static Date removalTime(String root) {
    HistoryEvent started =
        Context.getCommandContext()
            .getDbEntityManager()
            .selectById(HistoricProcessInstanceEventEntity.class, root);
    return started == null ? null : started.getRemovalTime();
  }

  private static AuthorizationEntity grant(
      String user, String root, Resource resource, String instance) {
    AuthorizationEntity grant = new AuthorizationEntity(Authorization.AUTH_TYPE_GRANT);
    grant.setUserId(user);
    grant.setResource(resource);
    grant.setResourceId(instance);
    grant.setRootProcessInstanceId(root);
    return grant;
  }

  private static void insert(AuthorizationEntity grant, Permission... permissions) {
    grant.setPermissions(permissions);
    CommandContext command = Context.getCommandContext();
    command.runWithoutAuthorization(
        () -> {
          command.getAuthorizationManager().insert(grant);
          return null;
        });
  }
}

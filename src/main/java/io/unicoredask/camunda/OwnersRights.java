package io.unicoredask.camunda;

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
import org.camunda.bpm.engine.impl.interceptor.CommandContext;
import org.camunda.bpm.engine.impl.persistence.entity.AuthorizationEntity;
import org.camunda.bpm.engine.impl.persistence.entity.ExecutionEntity;

/**
 * What an engine that checks authorisations lets the starter of a cluster do with it: see it, send
 * it messages, retry what is stuck, and delete it. All other clusters are as they were to them.
 */
final class OwnersRights {

  private OwnersRights() {}

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

  /** Gives them to who starts the instance; they go with its history. */
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
                insert(
                    grant(user, root, Resources.HISTORIC_PROCESS_INSTANCE, instance),
                    HistoricProcessInstancePermissions.READ);
              }
            });
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

package io.unicoredask.application;

import static org.camunda.bpm.engine.authorization.Permissions.ACCESS;
import static org.camunda.bpm.engine.authorization.Permissions.CREATE;
import static org.camunda.bpm.engine.authorization.ProcessDefinitionPermissions.CREATE_INSTANCE;
import static org.camunda.bpm.engine.authorization.ProcessDefinitionPermissions.DELETE_INSTANCE;
import static org.camunda.bpm.engine.authorization.ProcessDefinitionPermissions.READ;
import static org.camunda.bpm.engine.authorization.ProcessDefinitionPermissions.READ_HISTORY;
import static org.camunda.bpm.engine.authorization.ProcessDefinitionPermissions.READ_INSTANCE;
import static org.camunda.bpm.engine.authorization.ProcessDefinitionPermissions.RETRY_JOB;
import static org.camunda.bpm.engine.authorization.ProcessDefinitionPermissions.UPDATE_INSTANCE;
import static org.camunda.bpm.engine.authorization.Resources.APPLICATION;
import static org.camunda.bpm.engine.authorization.Resources.PROCESS_DEFINITION;
import static org.camunda.bpm.engine.authorization.Resources.PROCESS_INSTANCE;

import java.util.List;
import org.camunda.bpm.engine.AuthorizationService;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.authorization.Authorization;
import org.camunda.bpm.engine.authorization.Permission;
import org.camunda.bpm.engine.authorization.Resource;
import org.camunda.bpm.engine.identity.Group;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Two groups to put people into: {@code dask-users} start clusters and do what they like with their
 * own; {@code dask-operators} see and end everybody's. Made once: what becomes of a group after
 * that is the administrators' affair.
 */
@Component
class DaskGroups implements ApplicationListener<ApplicationReadyEvent> {

  static final String USERS = "dask-users";
  static final String OPERATORS = "dask-operators";

  private static final List<String> PROCESSES =
      List.of("dask-cluster", "dask-script", "dask-teardown");
  private static final List<String> APPLICATIONS = List.of("welcome", "tasklist", "cockpit");

  private final IdentityService identities;
  private final AuthorizationService authorizations;
  private final TransactionOperations transactions;

  DaskGroups(ProcessEngine engine, TransactionOperations transactions) {
    this.transactions = transactions;
    this.identities = engine.getIdentityService();
    this.authorizations = engine.getAuthorizationService();
  }

  @Override
  public void onApplicationEvent(ApplicationReadyEvent ready) {
    if (identities.isReadOnly()) {
      return;
    }
    makeOnce(USERS, this::makeUsers);
    makeOnce(OPERATORS, this::makeOperators);
  }

  private void makeOnce(String group, Runnable make) {
    if (!isMissing(group)) {
      return;
    }
    try {
      transactions.executeWithoutResult(begun -> make.run());
    } catch (RuntimeException e) {
      // Another node that starts at the same time may have been first.
      if (isMissing(group)) {
        throw e;
      }
    }
  }

  private void makeUsers() {
    make(USERS, "Start Dask clusters, and see, scale and end their own");
    PROCESSES.stream()
        .filter(process -> !process.equals("dask-teardown"))
        .forEach(process -> grant(USERS, PROCESS_DEFINITION, process, READ, CREATE_INSTANCE));
  }

  private void makeOperators() {
    make(OPERATORS, "See, scale and end the Dask clusters of all");
    PROCESSES.forEach(
        process ->
            grant(
                OPERATORS,
                PROCESS_DEFINITION,
                process,
                READ,
                CREATE_INSTANCE,
                READ_INSTANCE,
                UPDATE_INSTANCE,
                DELETE_INSTANCE,
                READ_HISTORY,
                RETRY_JOB));
  }

  /** One that was deleted has left its authorisations behind, and stays away. */
  private boolean isMissing(String group) {
    return identities.createGroupQuery().groupId(group).count() == 0
        && authorizations.createAuthorizationQuery().groupIdIn(group).count() == 0;
  }

  private void make(String id, String name) {
    Group group = identities.newGroup(id);
    group.setName(name);
    group.setType("WORKFLOW");
    identities.saveGroup(group);
    grant(id, PROCESS_INSTANCE, Authorization.ANY, CREATE);
    APPLICATIONS.forEach(application -> grant(id, APPLICATION, application, ACCESS));
  }

  private void grant(String group, Resource resource, String id, Permission... permissions) {
    Authorization grant = authorizations.createNewAuthorization(Authorization.AUTH_TYPE_GRANT);
    grant.setGroupId(group);
    grant.setResource(resource);
    grant.setResourceId(id);
    grant.setPermissions(permissions);
    authorizations.saveAuthorization(grant);
  }
}

package io.unicoredask.camunda;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import org.camunda.bpm.engine.authorization.Authorization;
import org.camunda.bpm.engine.authorization.HistoricProcessInstancePermissions;
import org.camunda.bpm.engine.authorization.Permission;
import org.camunda.bpm.engine.authorization.ProcessDefinitionPermissions;
import org.camunda.bpm.engine.authorization.ProcessInstancePermissions;
import org.camunda.bpm.engine.authorization.Resource;
import org.camunda.bpm.engine.authorization.Resources;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.identity.Authentication;
import org.camunda.bpm.engine.impl.interceptor.CommandContext;
import org.camunda.bpm.engine.impl.persistence.entity.AuthorizationEntity;

/**
 * Which lives of clusters the user may read who makes the present call of the engine: those whose
 * process instances they may read in the engine's history and, of clusters that live, those whose
 * instances they may read as they run. The engine itself is asked about processes, of which there
 * are few. Instances are too many to ask about one by one: those count that are granted to the user
 * or one of their groups, and are revoked to neither.
 */
class ReadableClusters {

  private final CommandContext context;
  private final ProcessEngineConfigurationImpl engine;
  private final String authorizations;

  ReadableClusters(CommandContext context) {
    this.context = context;
    this.engine = context.getProcessEngineConfiguration();
    this.authorizations =
        context.getTableDataManager().getTableName(AuthorizationEntity.class, true);
  }

  /**
   * A condition for a table {@code L} of lives.
   *
   * @param processes the keys of all processes that have lives there
   */
  Condition condition(Collection<String> processes) {
    return Condition.and(byTenant(), byPermission(processes));
  }

  private Condition byTenant() {
    Authentication user = context.getAuthentication();
    if (user == null || !context.getTenantManager().isTenantCheckEnabled()) {
      return Condition.ALWAYS;
    }
    List<String> tenants = user.getTenantIds() == null ? List.of() : user.getTenantIds();
    Condition none = new Condition("L.TENANT_ID_ IS NULL", List.of());
    return tenants.isEmpty() ? none : Condition.or(none, Condition.in("L.TENANT_ID_", tenants));
  }

  private Condition byPermission(Collection<String> processes) {
    Condition history =
        Condition.or(
            processes(processes, ProcessDefinitionPermissions.READ_HISTORY),
            engine.isEnableHistoricInstancePermissions()
                ? instances(
                    Resources.HISTORIC_PROCESS_INSTANCE, HistoricProcessInstancePermissions.READ)
                : Condition.NEVER);
    Condition running =
        Condition.or(
            processes(processes, ProcessDefinitionPermissions.READ_INSTANCE),
            instances(Resources.PROCESS_INSTANCE, ProcessInstancePermissions.READ));
    return Condition.or(
        history, Condition.and(new Condition("L.ENDED_ IS NULL", List.of()), running));
  }

  private Condition processes(Collection<String> all, Permission permission) {
    if (isAuthorized(permission, Resources.PROCESS_DEFINITION, Authorization.ANY)
        && all.stream()
            .allMatch(key -> isAuthorized(permission, Resources.PROCESS_DEFINITION, key))) {
      return Condition.ALWAYS;
    }
    return Condition.in(
        "L.PROCESS_",
        all.stream()
            .filter(key -> isAuthorized(permission, Resources.PROCESS_DEFINITION, key))
            .toList());
  }

  private Condition instances(Resource resource, Permission permission) {
    Authentication user = context.getAuthentication();
    if (user == null || user.getUserId() == null) {
      return Condition.NEVER;
    }
    Condition granted =
        isAuthorized(permission, resource, Authorization.ANY)
            ? Condition.ALWAYS
            : listed("IN", "TYPE_ = 1 AND " + has(permission, "="), user, resource);
    return Condition.and(
        granted, listed("NOT IN", "TYPE_ = 2 AND " + has(permission, "<>"), user, resource));
  }

  private Condition listed(String in, String which, Authentication user, Resource resource) {
    List<String> groups = user.getGroupIds() == null ? List.of() : user.getGroupIds();
    List<Object> arguments = new ArrayList<>();
    arguments.add(resource.resourceType());
    arguments.add(user.getUserId());
    arguments.addAll(groups);
    String whose =
        groups.isEmpty()
            ? "USER_ID_ = ?"
            : "(USER_ID_ = ? OR GROUP_ID_ IN (%s))"
                .formatted(String.join(", ", Collections.nCopies(groups.size(), "?")));
    return new Condition(
        "L.INSTANCE_ID_ %s (SELECT RESOURCE_ID_ FROM %s WHERE RESOURCE_TYPE_ = ? AND RESOURCE_ID_ IS NOT NULL AND %s AND %s)"
            .formatted(in, authorizations, which, whose),
        arguments);
  }

  /** Each database says it in its own way, which the engine gives its own statements. */
  private String has(Permission permission, String compared) {
    Properties database = engine.getSqlSessionFactory().getConfiguration().getVariables();
    return "%sPERMS_%s%d%s %s %d"
        .formatted(
            database.getProperty("bitand1"),
            database.getProperty("bitand2"),
            permission.getValue(),
            database.getProperty("bitand3"),
            compared,
            permission.getValue());
  }

  /** True of all if the engine checks nothing. */
  private boolean isAuthorized(Permission permission, Resource resource, String id) {
    return context.getAuthorizationManager().isAuthorized(permission, resource, id);
  }
}

package io.unicoredask.camunda.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.camunda.bpm.engine.authorization.Authorization;
import org.camunda.bpm.engine.authorization.Permission;
import org.camunda.bpm.engine.authorization.Resource;
import org.camunda.bpm.engine.authorization.Resources;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.history.event.HistoricProcessInstanceEventEntity;
import org.camunda.bpm.engine.impl.history.event.HistoryEvent;
import org.camunda.bpm.engine.impl.identity.Authentication;
import org.camunda.bpm.engine.impl.interceptor.CommandContext;
import org.camunda.bpm.engine.impl.persistence.entity.AuthorizationEntity;

/** What the engine lets those do who make the call that a {@link Transaction} is of. */
public final class Authorizations {

  private final CommandContext context;
  private final ProcessEngineConfigurationImpl engine;

  Authorizations(CommandContext context) {
    this.context = context;
    this.engine = context.getProcessEngineConfiguration();
  }

  /**
   * A query for ids.
   *
   * @param sql with a question mark for each argument
   */
  public record Ids(String sql, List<Object> arguments) {}

  /** Whether they may do it; true of all if the engine checks nothing. */
  public boolean allow(Permission permission, Resource resource, String id) {
    return context.getAuthorizationManager().isAuthorized(permission, resource, id);
  }

  /** Whether the history of a process instance can be granted by itself. */
  public boolean coverHistoricInstances() {
    return engine.isEnableHistoricInstancePermissions();
  }

  /** The tenants that they are bound to; nothing if the engine binds them to none. */
  public Optional<List<String>> tenants() {
    Authentication user = context.getAuthentication();
    return user == null || !context.getTenantManager().isTenantCheckEnabled()
        ? Optional.empty()
        : Optional.of(orNone(user.getTenantIds()));
  }

  /** The single resources of a kind for which they, or a group of theirs, have a permission. */
  public Ids granted(Permission permission, Resource resource) {
    return ids("TYPE_ = 1 AND " + has(permission, "="), resource);
  }

  /** The single resources of a kind for which it is taken from them, or from a group of theirs. */
  public Ids revoked(Permission permission, Resource resource) {
    return ids("TYPE_ = 2 AND " + has(permission, "<>"), resource);
  }

  private Ids ids(String which, Resource resource) {
    Authentication user = context.getAuthentication();
    List<String> groups = orNone(user.getGroupIds());
    List<Object> arguments = new ArrayList<>();
    arguments.add(resource.resourceType());
    arguments.add(user.getUserId());
    arguments.addAll(groups);
    String whose =
        groups.isEmpty()
            ? "USER_ID_ = ?"
            : "(USER_ID_ = ? OR GROUP_ID_ IN (%s))"
                .formatted(String.join(", ", Collections.nCopies(groups.size(), "?")));
    return new Ids(
        "SELECT RESOURCE_ID_ FROM %s WHERE RESOURCE_TYPE_ = ? AND RESOURCE_ID_ IS NOT NULL AND %s AND %s"
            .formatted(
                context.getTableDataManager().getTableName(AuthorizationEntity.class, true),
                which,
                whose),
        arguments);
  }

  private String has(Permission permission, String compared) {
    return "%sPERMS_%s%d%s %s %d"
        .formatted(
            statements("bitand1"),
            statements("bitand2"),
            permission.getValue(),
            statements("bitand3"),
            compared,
            permission.getValue());
  }

  /** What the engine's own statements have there in its database. */
  private String statements(String variable) {
    return engine.getSqlSessionFactory().getConfiguration().getVariables().getProperty(variable);
  }

  private static List<String> orNone(List<String> ids) {
    return ids == null ? List.of() : ids;
  }

  /** Has what is asked for checked, also where the engine has left off. */
  public <T> T checked(Supplier<T> work) {
    boolean checks = context.isAuthorizationCheckEnabled();
    context.setAuthorizationCheckEnabled(true);
    try {
      return work.get();
    } finally {
      context.setAuthorizationCheckEnabled(checks);
    }
  }

  /** Has nothing checked. */
  public void unchecked(Runnable work) {
    context.runWithoutAuthorization(
        () -> {
          work.run();
          return null;
        });
  }

  /**
   * Grants a user something of an execution's process instance, or of its history. The engine takes
   * the first back when the instance ends, and the second together with its history.
   *
   * @param resource which of the two
   */
  public void grant(
      String user, DelegateExecution execution, Resource resource, Permission... permissions) {
    String root = Executions.root(execution);
    AuthorizationEntity grant = new AuthorizationEntity(Authorization.AUTH_TYPE_GRANT);
    grant.setUserId(user);
    grant.setResource(resource);
    grant.setResourceId(execution.getProcessInstanceId());
    grant.setRootProcessInstanceId(root);
    grant.setPermissions(permissions);
    if (resource == Resources.HISTORIC_PROCESS_INSTANCE) {
      grant.setRemovalTime(removalTime(root));
    }
    unchecked(() -> context.getAuthorizationManager().insert(grant));
  }

  /** Known at the start already if the engine is configured so; else it is set at the end. */
  private Date removalTime(String root) {
    HistoryEvent started =
        context.getDbEntityManager().selectById(HistoricProcessInstanceEventEntity.class, root);
    return started == null ? null : started.getRemovalTime();
  }
}

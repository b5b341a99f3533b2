package io.unicoredask.camunda;

import io.unicoredask.camunda.engine.Authorizations;
import io.unicoredask.camunda.engine.Authorizations.Ids;
import io.unicoredask.camunda.engine.Transaction;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.camunda.bpm.engine.authorization.Authorization;
import org.camunda.bpm.engine.authorization.HistoricProcessInstancePermissions;
import org.camunda.bpm.engine.authorization.Permission;
import org.camunda.bpm.engine.authorization.ProcessDefinitionPermissions;
import org.camunda.bpm.engine.authorization.ProcessInstancePermissions;
import org.camunda.bpm.engine.authorization.Resource;
import org.camunda.bpm.engine.authorization.Resources;

/**
 * Which lives of clusters the user may read who makes the present call of the engine: those whose
 * process instances they may read in the engine's history and, of clusters that live, those whose
 * instances they may read as they run. The engine itself is asked about processes, of which there
 * are few. Instances are too many to ask about one by one: those count that are granted to the user
 * or one of their groups, and are revoked to neither.
 */
class ReadableClusters {

  private final Authorizations authorizations;
  private final boolean isSomebody;

  ReadableClusters(Transaction transaction) {
    this.authorizations = transaction.authorizations();
    this.isSomebody = transaction.user().isPresent();
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
    return authorizations
        .tenants()
        .map(
            tenants ->
                Condition.or(
                    new Condition("L.TENANT_ID_ IS NULL", List.of()),
                    Condition.in("L.TENANT_ID_", tenants)))
        .orElse(Condition.ALWAYS);
  }

  private Condition byPermission(Collection<String> processes) {
    Condition history =
        Condition.or(
            processes(processes, ProcessDefinitionPermissions.READ_HISTORY),
            authorizations.coverHistoricInstances()
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
    Predicate<String> allowed =
        key -> authorizations.allow(permission, Resources.PROCESS_DEFINITION, key);
    return allowed.test(Authorization.ANY) && all.stream().allMatch(allowed)
        ? Condition.ALWAYS
        : Condition.in("L.PROCESS_", all.stream().filter(allowed).toList());
  }

  private Condition instances(Resource resource, Permission permission) {
    if (!isSomebody) {
      return Condition.NEVER;
    }
    Condition granted =
        authorizations.allow(permission, resource, Authorization.ANY)
            ? Condition.ALWAYS
            : listed("IN", authorizations.granted(permission, resource));
    return Condition.and(granted, listed("NOT IN", authorizations.revoked(permission, resource)));
  }

  private static Condition listed(String in, Ids ids) {
    return new Condition("L.INSTANCE_ID_ %s (%s)".formatted(in, ids.sql()), ids.arguments());
  }
}

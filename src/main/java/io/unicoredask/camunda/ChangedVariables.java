package io.unicoredask.camunda;

import java.util.List;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.db.entitymanager.cache.CachedDbEntity;
import org.camunda.bpm.engine.impl.db.entitymanager.cache.DbEntityCache;
import org.camunda.bpm.engine.impl.db.entitymanager.cache.DbEntityState;
import org.camunda.bpm.engine.impl.persistence.entity.VariableInstanceEntity;

/**
 * The variables of a process instance that are created or changed in the transaction that is under
 * way: what a message has brought, where nothing else has been written yet.
 */
final class ChangedVariables {

  private ChangedVariables() {}

  static List<String> of(DelegateExecution execution) {
    DbEntityCache cache = Context.getCommandContext().getDbEntityManager().getDbEntityCache();
    return cache.getEntitiesByType(VariableInstanceEntity.class).stream()
        .filter(
            variable -> execution.getProcessInstanceId().equals(variable.getProcessInstanceId()))
        .filter(variable -> isChanged(cache.getCachedEntity(variable)))
        .map(VariableInstanceEntity::getName)
        .distinct()
        .toList();
  }

  private static boolean isChanged(CachedDbEntity cached) {
    return cached != null
        && (cached.getEntityState() == DbEntityState.TRANSIENT || cached.isDirty());
  }
}

package io.unicoredask.camunda.engine;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.core.variable.CoreVariableInstance;
import org.camunda.bpm.engine.impl.core.variable.scope.AbstractVariableScope;
import org.camunda.bpm.engine.impl.db.entitymanager.cache.CachedDbEntity;
import org.camunda.bpm.engine.impl.db.entitymanager.cache.DbEntityCache;
import org.camunda.bpm.engine.impl.db.entitymanager.cache.DbEntityState;
import org.camunda.bpm.engine.impl.persistence.entity.VariableInstanceEntity;

/**
 * The variables of a process instance that are created or set in the transaction that is under way:
 * what a message has brought, where nothing else has been written yet. One that is set to the value
 * that it has counts as well, and so does a transient one.
 */
public final class ChangedVariables {

  private ChangedVariables() {}

  /** Their names. */
  public static List<String> of(DelegateExecution execution) {
    DbEntityCache cache = Context.getCommandContext().getDbEntityManager().getDbEntityCache();
    Stream<String> kept =
        cache.getEntitiesByType(VariableInstanceEntity.class).stream()
            .filter(
                variable ->
                    execution.getProcessInstanceId().equals(variable.getProcessInstanceId()))
            .filter(variable -> isChanged(cache.getCachedEntity(variable)))
            .map(VariableInstanceEntity::getName);
    return Stream.concat(kept, transients(execution)).distinct().toList();
  }

  /** None of them outlives its transaction, and the engine's cache does not have them. */
  private static Stream<String> transients(DelegateExecution execution) {
    return Stream.iterate(
            (AbstractVariableScope) execution,
            Objects::nonNull,
            AbstractVariableScope::getParentVariableScope)
        .flatMap(scope -> scope.getVariableInstancesLocal().stream())
        .filter(variable -> variable instanceof VariableInstanceEntity one && one.isTransient())
        .map(CoreVariableInstance::getName);
  }

  private static boolean isChanged(CachedDbEntity cached) {
    return cached != null
        && (cached.getEntityState() == DbEntityState.TRANSIENT || cached.isDirty());
  }
}

package io.unicoredask.camunda.engine;

import org.camunda.bpm.engine.impl.el.JuelExpressionManager;
import org.camunda.bpm.engine.impl.el.ReadOnlyMapELResolver;
import org.camunda.bpm.engine.impl.el.VariableContextElResolver;
import org.camunda.bpm.engine.impl.el.VariableScopeElResolver;
import org.camunda.bpm.impl.juel.jakarta.el.ArrayELResolver;
import org.camunda.bpm.impl.juel.jakarta.el.CompositeELResolver;
import org.camunda.bpm.impl.juel.jakarta.el.ELResolver;
import org.camunda.bpm.impl.juel.jakarta.el.ListELResolver;
import org.camunda.bpm.impl.juel.jakarta.el.MapELResolver;

/** Expressions as the engine's own, but for the beans that they see and what they may call. */
final class LimitedExpressions extends JuelExpressionManager {

  private final ExpressionLimits limits;

  LimitedExpressions(ExpressionLimits limits) {
    this.limits = limits;
  }

  @Override
  protected ELResolver createElResolver() {
    CompositeELResolver resolvers = new CompositeELResolver();
    resolvers.add(new VariableScopeElResolver());
    resolvers.add(new VariableContextElResolver());
    resolvers.add(new ReadOnlyMapELResolver(limits.beans()));
    resolvers.add(new ArrayELResolver());
    resolvers.add(new ListELResolver());
    resolvers.add(new MapELResolver());
    resolvers.add(new LimitedMembers(limits));
    return resolvers;
  }
}

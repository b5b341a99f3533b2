package io.unicoredask.camunda.engine;

import org.camunda.bpm.impl.juel.jakarta.el.BeanELResolver;
import org.camunda.bpm.impl.juel.jakarta.el.ELContext;
import org.camunda.bpm.impl.juel.jakarta.el.MethodNotFoundException;
import org.camunda.bpm.impl.juel.jakarta.el.PropertyNotFoundException;

/** Properties and methods, of what has any that a process may use. */
final class LimitedMembers extends BeanELResolver {

  private final ExpressionLimits limits;

  LimitedMembers(ExpressionLimits limits) {
    this.limits = limits;
  }

  @Override
  public Object getValue(ELContext context, Object base, Object property) {
    requireProperty(base, property);
    return super.getValue(context, base, property);
  }

  @Override
  public Class<?> getType(ELContext context, Object base, Object property) {
    requireProperty(base, property);
    return super.getType(context, base, property);
  }

  @Override
  public boolean isReadOnly(ELContext context, Object base, Object property) {
    requireProperty(base, property);
    return super.isReadOnly(context, base, property);
  }

  @Override
  public void setValue(ELContext context, Object base, Object property, Object value) {
    requireProperty(base, property);
    super.setValue(context, base, property, value);
  }

  @Override
  public Object invoke(
      ELContext context, Object base, Object method, Class<?>[] types, Object[] parameters) {
    if (base != null && !limits.hasMethod(base, String.valueOf(method))) {
      throw new MethodNotFoundException(limits.refusal(base, String.valueOf(method)));
    }
    return super.invoke(context, base, method, types, parameters);
  }

  private void requireProperty(Object base, Object property) {
    if (base != null && !limits.hasProperty(base, String.valueOf(property))) {
      throw new PropertyNotFoundException(limits.refusal(base, String.valueOf(property)));
    }
  }
}

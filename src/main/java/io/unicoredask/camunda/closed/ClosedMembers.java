package io.unicoredask.camunda.closed;

import org.camunda.bpm.impl.juel.jakarta.el.BeanELResolver;
import org.camunda.bpm.impl.juel.jakarta.el.ELContext;
import org.camunda.bpm.impl.juel.jakarta.el.MethodNotFoundException;
import org.camunda.bpm.impl.juel.jakarta.el.PropertyNotFoundException;

/** Properties and methods, of what has any that a process may use. */
final class ClosedMembers extends BeanELResolver {

  private final AllowedBeans allowed;

  ClosedMembers(AllowedBeans allowed) {
    this.allowed = allowed;
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
    if (base != null
        && !Members.hasMethod(base, String.valueOf(method))
        && !isBeans(base, method)) {
      throw new MethodNotFoundException(refusal(base, method));
    }
    return super.invoke(context, base, method, types, parameters);
  }

  private void requireProperty(Object base, Object property) {
    if (base != null
        && !Members.hasProperty(base, String.valueOf(property))
        && !isBeans(base, property)) {
      throw new PropertyNotFoundException(refusal(base, property));
    }
  }

  private boolean isBeans(Object base, Object member) {
    return allowed.holds(base) && Members.isOfItsOwn(base, String.valueOf(member));
  }

  private static String refusal(Object base, Object member) {
    return "'%s' of %s is out of reach, %s"
        .formatted(member, base.getClass().getName(), ClosedProcesses.WHY);
  }
}

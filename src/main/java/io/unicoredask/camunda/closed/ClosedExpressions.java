package io.unicoredask.camunda.closed;

import io.unicoredask.camunda.engine.ExpressionLimits;
import java.util.Map;

/** What expressions reach: the beans that are allowed, and {@link Members}. */
final class ClosedExpressions implements ExpressionLimits {

  private final AllowedBeans allowed;

  ClosedExpressions(AllowedBeans allowed) {
    this.allowed = allowed;
  }

  @Override
  public Map<Object, Object> beans() {
    return allowed;
  }

  @Override
  public boolean hasProperty(Object base, String property) {
    return Members.hasProperty(base, property) || isBeans(base, property);
  }

  @Override
  public boolean hasMethod(Object base, String method) {
    return Members.hasMethod(base, method) || isBeans(base, method);
  }

  private boolean isBeans(Object base, String member) {
    return allowed.holds(base) && Members.isOfItsOwn(base, member);
  }

  @Override
  public String refusal(Object base, String member) {
    return "'%s' of %s is out of reach, %s"
        .formatted(member, base.getClass().getName(), ClosedProcesses.WHY);
  }
}

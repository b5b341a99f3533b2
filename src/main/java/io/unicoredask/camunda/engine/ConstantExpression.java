package io.unicoredask.camunda.engine;

import org.camunda.bpm.engine.delegate.Expression;
import org.camunda.bpm.engine.delegate.VariableScope;

/** An expression whose value is always the same, whatever variables there are. */
final class ConstantExpression implements Expression {

  private final String text;
  private final transient Object value;

  ConstantExpression(String text, Object value) {
    this.text = text;
    this.value = value;
  }

  @Override
  public Object getValue(VariableScope scope) {
    return value;
  }

  @Override
  public void setValue(Object newValue, VariableScope scope) {
    throw new IllegalStateException(text + " cannot be set");
  }

  @Override
  public String getExpressionText() {
    return text;
  }

  @Override
  public boolean isLiteralText() {
    return true;
  }
}

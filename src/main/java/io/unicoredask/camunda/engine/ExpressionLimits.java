package io.unicoredask.camunda.engine;

import java.util.Map;

/** What expressions of processes reach, beside variables and what they are executed in. */
public interface ExpressionLimits {

  /** The beans, by their names. */
  Map<Object, Object> beans();

  /** Whether they may read it. */
  boolean hasProperty(Object base, String property);

  /** Whether they may call it. */
  boolean hasMethod(Object base, String method);

  /** The error text for what they may not. */
  String refusal(Object base, String member);
}

package io.unicoredask.camunda.engine;

import java.util.AbstractMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** An engine's beans and one more. Those of a {@code camunda.cfg.xml} can be asked for only. */
final class OneMoreBean extends AbstractMap<Object, Object> {

  private final String name;
  private final Object bean;
  private final Map<Object, Object> others;

  OneMoreBean(String name, Object bean, Map<Object, Object> others) {
    this.name = name;
    this.bean = bean;
    this.others = others;
  }

  @Override
  public boolean containsKey(Object key) {
    return name.equals(key) || others.containsKey(key);
  }

  @Override
  public Object get(Object key) {
    return name.equals(key) ? bean : others.get(key);
  }

  /** Fails where the others cannot be listed. */
  @Override
  public Set<Map.Entry<Object, Object>> entrySet() {
    Map<Object, Object> all = new HashMap<>(others);
    all.put(name, bean);
    return all.entrySet();
  }
}

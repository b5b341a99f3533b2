package io.unicoredask.camunda.closed;

import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The beans that expressions may use, by their names. They are asked for when they are used. */
final class AllowedBeans extends AbstractMap<Object, Object> {

  private final Set<String> names;
  private final Function<String, Object> beans;

  AllowedBeans(Set<String> names, Function<String, Object> beans) {
    this.names = new TreeSet<>(names);
    this.beans = beans;
  }

  @Override
  public boolean containsKey(Object name) {
    return name instanceof String && names.contains(name);
  }

  @Override
  public Object get(Object name) {
    return containsKey(name) ? beans.apply((String) name) : null;
  }

  @Override
  public Set<Map.Entry<Object, Object>> entrySet() {
    return names.stream()
        .map(name -> Map.<Object, Object>entry(name, beans.apply(name)))
        .collect(Collectors.toSet());
  }

  /** Whether it is one of them, and not only equal to one. */
  boolean holds(Object bean) {
    return names.stream().anyMatch(name -> beans.apply(name) == bean);
  }
}

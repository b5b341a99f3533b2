package io.unicoredask.camunda.closed;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.camunda.bpm.engine.delegate.BaseDelegateExecution;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.DelegateTask;
import org.camunda.bpm.engine.delegate.VariableScope;
import org.camunda.bpm.engine.variable.value.FileValue;
import org.camunda.bpm.engine.variable.value.TypedValue;
import org.camunda.spin.json.SpinJsonNode;
import org.camunda.spin.json.SpinJsonPathQuery;

/**
 * The properties and methods that a process may use: those of values, and what these types declare
 * themselves. Their supertypes lead to the engine, its configuration and its class loader.
 */
final class Members {

  private static final List<Class<?>> TYPES =
      List.of(
          VariableScope.class,
          BaseDelegateExecution.class,
          DelegateExecution.class,
          DelegateTask.class,
          TypedValue.class,
          FileValue.class,
          SpinJsonNode.class,
          SpinJsonPathQuery.class,
          Map.class,
          Map.Entry.class,
          Collection.class,
          List.class,
          Iterator.class);

  /** Those that can do nothing but tell of themselves and make others like them. */
  private static final Set<Class<?>> VALUES =
      Set.of(
          String.class,
          Boolean.class,
          Character.class,
          Byte.class,
          Short.class,
          Integer.class,
          Long.class,
          Float.class,
          Double.class,
          Date.class,
          java.sql.Timestamp.class,
          UUID.class);

  /** The last is that of the function {@code dateTime()}. */
  private static final Set<String> VALUE_PACKAGES =
      Set.of("java.math", "java.time", "org.joda.time");

  private Members() {}

  /** Whether a process may call it. */
  static boolean hasMethod(Object base, String name) {
    return name.equals("toString") || declared(base).anyMatch(isNamed(name));
  }

  /** Whether a process may read it. */
  static boolean hasProperty(Object base, String name) {
    String ending =
        name.isEmpty() ? "" : name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    return declared(base).anyMatch(isNamed("get" + ending).or(isNamed("is" + ending)));
  }

  /** Whether it is nothing that every object has, {@code getClass} above all. */
  static boolean isOfItsOwn(Object base, String name) {
    return !name.equals("class")
        && Arrays.stream(Object.class.getMethods()).noneMatch(isNamed(name));
  }

  private static Predicate<Method> isNamed(String name) {
    return method -> method.getName().equals(name);
  }

  /** Static ones read system properties ({@code Integer.getInteger}). */
  private static Stream<Method> declared(Object base) {
    Class<?> type = base.getClass();
    Stream<Method> all =
        VALUES.contains(type) || VALUE_PACKAGES.contains(type.getPackageName())
            ? Arrays.stream(type.getMethods())
                .filter(method -> method.getDeclaringClass() != Object.class)
            : TYPES.stream()
                .filter(one -> one.isInstance(base))
                .flatMap(one -> Arrays.stream(one.getDeclaredMethods()));
    return all.filter(method -> !Modifier.isStatic(method.getModifiers()));
  }
}

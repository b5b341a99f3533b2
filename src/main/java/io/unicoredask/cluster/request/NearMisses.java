package io.unicoredask.cluster.request;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Finds variables that are meant to be a request's and would be passed over: those that differ in
 * case and underscores only, and the names of PyUNICORE's {@code UNICORECluster}.
 */
class NearMisses {

  private NearMisses() {}

  /** A sentence for each, in the order of the names. */
  static List<String> problems(Collection<String> names) {
    return names.stream()
        .sorted()
        .flatMap(
            name ->
                meant(name).stream()
                    .map(right -> "%s is no variable of a cluster; use %s".formatted(name, right)))
        .toList();
  }

  private static Optional<String> meant(String name) {
    return ClusterVariable.isOne(name)
        ? Optional.empty()
        : find(variable -> name.equals(variable.parameter()))
            .or(() -> find(variable -> variable.name().equalsIgnoreCase(name.replace("_", ""))));
  }

  private static Optional<String> find(Predicate<Variable> meant) {
    return Arrays.stream(ClusterVariable.values())
        .map(ClusterVariable::variable)
        .filter(meant)
        .map(Variable::name)
        .findFirst();
  }
}

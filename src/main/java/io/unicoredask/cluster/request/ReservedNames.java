package io.unicoredask.cluster.request;

import io.unicoredask.cluster.ClusterError;
import io.unicoredask.cluster.ClusterException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The names of variables that nobody may bring with a start or a message: what a cluster or a
 * script writes, the process's own records, and the names of the beans that its model calls.
 */
public final class ReservedNames {

  private static final Set<String> RECORDS =
      Set.of("cluster", "daskWaiting", "schedulerLostMessage");

  private static final Pattern BEAN = Pattern.compile("dask\\p{Lu}.*", Pattern.DOTALL);

  private ReservedNames() {}

  /**
   * Refuses names that are reserved.
   *
   * @param broughtNames the names of the variables that a start or a message brings, and no others
   * @throws ClusterException with {@link ClusterError#DASK_INVALID_REQUEST} if one of them is
   *     reserved; the message says of each why
   */
  public static void refuse(Collection<String> broughtNames) {
    VariableReader.refuse(problems(broughtNames));
  }

  /**
   * Refuses what a message brings that reads nothing of it.
   *
   * @param message the message's name
   * @param broughtNames the names of the variables that it brings, and no others
   * @throws ClusterException with {@link ClusterError#DASK_INVALID_REQUEST} if one is reserved, or
   *     a variable of a cluster, or meant to be one
   */
  public static void refuseAll(String message, Collection<String> broughtNames) {
    Stream<String> unread =
        broughtNames.stream()
            .filter(ClusterVariable::isOne)
            .sorted()
            .map(name -> "%s is not read by %s".formatted(name, message));
    VariableReader.refuse(
        Stream.of(
                problems(broughtNames).stream(), NearMisses.problems(broughtNames).stream(), unread)
            .flatMap(Function.identity())
            .toList());
  }

  /** Whether a name is reserved. */
  public static boolean contains(String name) {
    return reason(name).isPresent();
  }

  /** A sentence for each reserved name, in the order of the names. */
  static List<String> problems(Collection<String> names) {
    return names.stream()
        .sorted()
        .flatMap(
            name ->
                reason(name).map(why -> "%s may not be given: %s".formatted(name, why)).stream())
        .toList();
  }

  private static Optional<String> reason(String name) {
    if (Outputs.names().contains(name)) {
      return Optional.of("the cluster writes it");
    }
    if (RECORDS.contains(name)) {
      return Optional.of("it is the process's own record");
    }
    return BEAN.matcher(name).matches()
        ? Optional.of("it would hide what the process calls ${%s}".formatted(name))
        : Optional.empty();
  }
}

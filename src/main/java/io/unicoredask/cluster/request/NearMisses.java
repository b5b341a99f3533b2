package io.unicoredask.cluster.request;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds variables that are meant to be a request's and would be passed over. They are:
 *
 * <ul>
 *   <li>the names of PyUNICORE's {@code UNICORECluster};
 *   <li>names that differ in case and in what stands between their words only, as other languages
 *       have it: {@code local_port}, {@code local-port};
 *   <li>a name of at least five letters with one letter too many, too few, wrong, or two in the
 *       wrong order: {@code queu}, {@code wrokers}, {@code workerTimeout};
 *   <li>a number of something by another name: {@code worker}, {@code nworkers}, {@code
 *       numberOfJobs}, {@code workerCount}.
 * </ul>
 *
 * <p>Words that mean something else are left alone though they differ in one letter, and so are
 * names with a number, such as {@code queue2}, and what is near to our short names, such as {@code
 * words} and {@code size}: a process may have variables of its own.
 */
class NearMisses {

  private static final int LONG_ENOUGH = 5;

  /** Words in their own right. */
  private static final Set<String> OTHER_WORDS =
      Set.of(
          "adept",
          "adopt",
          "debut",
          "funnel",
          "processed",
          "professes",
          "protect",
          "queued",
          "runnel",
          "scrip",
          "stript",
          "threats",
          "treads");

  private static final Pattern NUMBERED = Pattern.compile(".*\\d.*");

  private static final Pattern BETWEEN_WORDS = Pattern.compile("[\\s._-]+");
  private static final Pattern COUNT =
      Pattern.compile("^(number|count|num|nr|no|n)(of)?|(number|count|num)$");

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
    if (ClusterVariable.isOne(name) || ScriptVariable.isOne(name)) {
      return Optional.empty();
    }
    return find(name, (given, variable) -> given.equals(variable.parameter()))
        .or(() -> find(name, (given, variable) -> letters(given).equals(letters(variable.name()))))
        .or(() -> find(name, NearMisses::countsTheSame))
        .or(() -> find(name, NearMisses::isMisspelt));
  }

  private static Optional<String> find(String name, BiPredicate<String, Variable> isMeant) {
    return Stream.concat(
            Arrays.stream(ClusterVariable.values()).map(ClusterVariable::variable),
            Arrays.stream(ScriptVariable.values()).map(ScriptVariable::variable))
        .filter(variable -> isMeant.test(name, variable))
        .map(Variable::name)
        .findFirst();
  }

  private static String letters(String name) {
    return BETWEEN_WORDS.matcher(name).replaceAll("").toLowerCase(Locale.ROOT);
  }

  private static boolean countsTheSame(String name, Variable variable) {
    String letters = letters(name);
    String what = COUNT.matcher(letters).replaceFirst("");
    boolean isCount = !what.equals(letters) || letters.length() >= LONG_ENOUGH;
    return variable.allowed() instanceof Allowed.Range
        && isCount
        && one(what).equals(one(letters(variable.name())));
  }

  private static String one(String plural) {
    return plural.replaceFirst("(?<=ss)es$|(?<!s)s$", "");
  }

  private static boolean isMisspelt(String name, Variable variable) {
    String given = letters(name);
    String right = letters(variable.name());
    return right.length() >= LONG_ENOUGH
        && !OTHER_WORDS.contains(given)
        && !NUMBERED.matcher(given).matches()
        && isOneEditFrom(given, right);
  }

  private static boolean isOneEditFrom(String one, String other) {
    int longest = Math.min(one.length(), other.length());
    int before = 0;
    while (before < longest && one.charAt(before) == other.charAt(before)) {
      before++;
    }
    int behind = 0;
    while (behind < longest - before
        && one.charAt(one.length() - 1 - behind) == other.charAt(other.length() - 1 - behind)) {
      behind++;
    }
    String here = one.substring(before, one.length() - behind);
    String there = other.substring(before, other.length() - behind);
    return here.length() <= 1 && there.length() <= 1
        || here.length() == 2 && here.equals(new StringBuilder(there).reverse().toString());
  }
}

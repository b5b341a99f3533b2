package io.unicoredask.cluster.request;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds variables that are meant to be a request's and would be passed over. They are:
 *
 * <ul>
 *   <li>the names of PyUNICORE's {@code UNICORECluster}, also where something else than a variable
 *       is in their place;
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

  /** Parameters of {@code UNICORECluster} that are no variables here. */
  private static final Map<String, String> ELSEWHERE =
      Map.of(
          "name",
          "use the business key",
          "asynchronous",
          "leave it out: a start is always answered at once, and clusterStatus says how far it is");

  private static final Pattern NUMBERED = Pattern.compile(".*\\d.*");

  private static final Pattern COUNT =
      Pattern.compile("^(number|count|num|nr|no|n)(of)?|(number|count|num)$");

  private NearMisses() {}

  /** A sentence for each, in the order of the names. */
  static List<String> problems(Collection<String> names) {
    return names.stream().sorted().flatMap(name -> problem(name).stream()).toList();
  }

  /** The same of those that are meant to be a script's. */
  static List<String> problemsOfScript(Collection<String> names) {
    return problems(
        names.stream()
            .filter(name -> meant(name).filter(ScriptVariable::isOne).isPresent())
            .toList());
  }

  /** Whether another name is meant. */
  static boolean contains(String name) {
    return meant(name).isPresent();
  }

  private static Optional<String> problem(String name) {
    String elsewhere = ELSEWHERE.get(name);
    return elsewhere == null
        ? meant(name)
            .map(
                right ->
                    "%s is no variable of a %s; use %s"
                        .formatted(
                            name, ClusterVariable.isOne(right) ? "cluster" : "script", right))
        : Optional.of("%s is no variable of a cluster; %s".formatted(name, elsewhere));
  }

  private static Optional<String> meant(String name) {
    if (ClusterVariable.isOne(name) || ScriptVariable.isOne(name)) {
      return Optional.empty();
    }
    return find(name, (given, variable) -> given.equals(variable.parameter()))
        .or(
            () ->
                find(
                    name,
                    (given, variable) ->
                        Spelling.letters(given).equals(Spelling.letters(variable.name()))))
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

  private static boolean countsTheSame(String name, Variable variable) {
    String letters = Spelling.letters(name);
    String what = COUNT.matcher(letters).replaceFirst("");
    boolean isCount = !what.equals(letters) || letters.length() >= LONG_ENOUGH;
    return variable.allowed() instanceof Allowed.Range
        && isCount
        && Spelling.one(what).equals(Spelling.one(Spelling.letters(variable.name())));
  }

  private static boolean isMisspelt(String name, Variable variable) {
    String given = Spelling.letters(name);
    String right = Spelling.letters(variable.name());
    return right.length() >= LONG_ENOUGH
        && !OTHER_WORDS.contains(given)
        && !NUMBERED.matcher(given).matches()
        && Spelling.isOneEditFrom(given, right);
  }
}

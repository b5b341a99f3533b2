package io.unicoredask.cluster.request;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The options of Dask's scheduler and worker, as distributed 2022.12 to 2026.8 have them. None has
 * a short form, and none may be abbreviated.
 */
final class DaskOptions {

  private static final Set<String> PROGRAMS =
      Set.of("dask-scheduler", "dask-worker", "dask-cuda-worker");

  private static final Set<String> COMMANDS = Set.of("scheduler", "worker", "cuda");

  private static final Pattern MODULES =
      Pattern.compile("(distributed|dask_cuda)\\.cli\\.dask_\\w+|dask_cuda");

  private static final Pattern FILES = Pattern.compile("dask_(scheduler|worker|cuda_worker)\\.py");

  /** Those of Python that end with the module, such as {@code -m} or {@code -Im}. */
  private static final Pattern MODULE_OPTION = Pattern.compile("-[bBdEiIOPqsSuvx]*m");

  private static final Set<String> WITH_A_VALUE =
      Stream.of(
              "host port interface protocol tls-ca-file tls-cert tls-key dashboard-address",
              "use-xheaders dashboard-prefix pid-file scheduler-file preload idle-timeout",
              "worker-port nanny-port listen-address contact-address nthreads nworkers nprocs name",
              "memory-limit local-directory resources death-timeout lifetime lifetime-stagger",
              "worker-class preload-nanny scheduler-sni")
          .flatMap(line -> Stream.of(line.split(" ")))
          .map("--"::concat)
          .collect(Collectors.toUnmodifiableSet());

  private DaskOptions() {}

  /** Whether the word after that option is its value. */
  static boolean takesValue(String option) {
    return WITH_A_VALUE.contains(option);
  }

  /** Where the arguments of a Dask program begin among words; -1 if there is no such program. */
  static int argumentsIn(List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      int length = programAt(words, i);
      if (length > 0) {
        return i + length;
      }
    }
    return -1;
  }

  private static int programAt(List<String> words, int at) {
    String name = name(words.get(at));
    if (PROGRAMS.contains(name) || FILES.matcher(name).matches()) {
      return 1;
    }
    if (name.equals("dask")) {
      return commandAt(words, at + 1, 1);
    }
    if (MODULE_OPTION.matcher(name).matches() && at + 1 < words.size()) {
      return moduleAt(words, words.get(at + 1), at + 2, 2);
    }
    return name.startsWith("-m") ? moduleAt(words, name.substring(2), at + 1, 1) : 0;
  }

  private static int moduleAt(List<String> words, String module, int next, int length) {
    if (module.equals("dask")) {
      return commandAt(words, next, length);
    }
    return MODULES.matcher(module).matches() ? length : 0;
  }

  private static int commandAt(List<String> words, int at, int before) {
    if (at >= words.size() || !COMMANDS.contains(words.get(at))) {
      return 0;
    }
    return words.get(at).equals("cuda") ? before + 2 : before + 1;
  }

  /** A program's name without its directory. */
  static String name(String program) {
    return program.substring(program.lastIndexOf('/') + 1);
  }
}

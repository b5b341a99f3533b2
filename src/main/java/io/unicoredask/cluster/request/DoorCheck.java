package io.unicoredask.cluster.request;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds what opens a door in a job description that somebody has written: a Jupyter server beside
 * the scheduler, or code that is loaded from wherever is said. Each problem is the description that
 * would be allowed.
 */
final class DoorCheck {

  /** What says the same in the environment. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "DASK_DISTRIBUTED__SCHEDULER__PRELOAD", "--preload",
          "DASK_DISTRIBUTED__WORKER__PRELOAD", "--preload",
          "DASK_DISTRIBUTED__NANNY__PRELOAD", "--preload-nanny");

  private DoorCheck() {}

  /**
   * @param closed the arguments that are not allowed
   * @param property what allows them
   */
  static List<String> problems(JsonNode job, Set<String> closed, String property) {
    List<String> problems = new ArrayList<>();
    Command command = Command.of(job);
    closed.stream()
        .filter(command::sets)
        .forEach(
            option ->
                problems.add(
                    "without the argument %s, unless a template of the site has it or %s names it"
                        .formatted(option, property)));
    for (String name : JobEnvironment.of(job).values().keySet()) {
      SETTINGS.entrySet().stream()
          .filter(setting -> setting.getKey().equalsIgnoreCase(name))
          .filter(setting -> closed.contains(setting.getValue()))
          .forEach(
              setting ->
                  problems.add(
                      "without %s in its Environment, unless a template of the site has it or %s names %s"
                          .formatted(name, property, setting.getValue())));
    }
    return problems;
  }
}

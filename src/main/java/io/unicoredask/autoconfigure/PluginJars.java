package io.unicoredask.autoconfigure;

import io.unicoredask.camunda.StartRefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.springframework.util.ClassUtils;

/** Whether there is one jar of the plugin, and whether it is for the engine that is there. */
final class PluginJars {

  /** The build gives it the engine's name that the jar is for. */
  private static final String ENGINE = "org.camunda.bpm.engine.ProcessEngine";

  private static final List<String> ENGINES = List.of("camunda", "operaton");

  /** In each jar of the plugin, under the same name. */
  private static final String MARK = "io/unicoredask/relay/relay.py";

  private PluginJars() {}

  /**
   * Sees to it that it is so.
   *
   * @throws StartRefusedException if it is not
   */
  static void check(ClassLoader classes) {
    problem(copies(classes), found(classes))
        .ifPresent(
            problem -> {
              throw new StartRefusedException(problem);
            });
  }

  private static List<String> copies(ClassLoader classes) {
    try {
      return Collections.list(classes.getResources(MARK)).stream()
          .map(URL::toString)
          .map(url -> url.substring(0, url.length() - MARK.length()).replaceFirst("!?/$", ""))
          .map(url -> url.substring(url.lastIndexOf('/') + 1))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> found(ClassLoader classes) {
    return ENGINES.stream()
        .filter(engine -> ClassUtils.isPresent(ENGINE.replaceFirst(own(), engine), classes))
        .toList();
  }

  private static String own() {
    return ENGINE.split("\\.")[1];
  }

  /** What is wrong with these jars of the plugin, where there are these engines. */
  static Optional<String> problem(List<String> jars, List<String> engines) {
    String names = String.join(", ", jars);
    if (jars.size() > 1) {
      return Optional.of(
          "There is more than one jar of camunda-unicore-dask on the class path (%s): leave only the one for this application's engine there"
              .formatted(names));
    }
    if (engines.isEmpty() || engines.contains(own())) {
      return Optional.empty();
    }
    String other = engines.get(0);
    return Optional.of(
        "This jar of camunda-unicore-dask (%s) is for %s, and this application has %s: take the jar %s in its place"
            .formatted(names, title(own()), title(other), classifier(other)));
  }

  private static String title(String engine) {
    return engine.equals("operaton") ? "Operaton" : "Camunda 7";
  }

  private static String classifier(String engine) {
    return engine.equals("operaton") ? "with the classifier operaton" : "without a classifier";
  }
}

package io.unicoredask.cluster;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.slf4j.MDC;

/**
 * What the log says of the work of a thread, by SLF4J's MDC, until closed: then it says again what
 * it said before.
 */
public final class LogContext implements AutoCloseable {

  /** The id of the cluster that is worked for. */
  public static final String CLUSTER = "daskCluster";

  /** The site that is asked. */
  public static final String SITE = "daskSite";

  /** What the job is for that is submitted or ended: {@code scheduler}, {@code worker-3} … */
  public static final String JOB = "daskJob";

  private final Map<String, String> before = new HashMap<>();

  private LogContext(Map<String, String> values) {
    values.forEach(
        (name, value) -> {
          before.put(name, MDC.get(name));
          put(name, value == null ? null : value.replaceAll("\\p{Cntrl}+", " "));
        });
  }

  /**
   * Has the log say this of what the thread does from now on.
   *
   * @param values by name; what people have chosen is put into one line
   */
  public static LogContext of(Map<String, String> values) {
    return new LogContext(values);
  }

  /** The same for a single value. */
  public static LogContext of(String name, String value) {
    return new LogContext(Map.of(name, value));
  }

  /** Work of which the log says on another thread what it says on this one now. */
  public static <T> Callable<T> ofThisThread(Callable<T> work) {
    Map<String, String> here = MDC.getCopyOfContextMap();
    return () -> {
      try (LogContext log = of(here == null ? Map.of() : here)) {
        return work.call();
      }
    };
  }

  private static void put(String name, String value) {
    if (value == null) {
      MDC.remove(name);
    } else {
      MDC.put(name, value);
    }
  }

  @Override
  public void close() {
    before.forEach(LogContext::put);
  }
}

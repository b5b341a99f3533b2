package io.unicoredask.camunda;

import java.util.Map;

/** What an activity's element template looks like in a diagram: a line drawing, 18 pixels wide. */
final class TemplateIcon {

  private static final String SVG =
      "<svg xmlns='http://www.w3.org/2000/svg' width='18' height='18' viewBox='0 0 18 18' fill='none'"
          + " stroke='#b4530a' stroke-width='1.5' stroke-linecap='round' stroke-linejoin='round'>"
          + "<path d='%s'/></svg>";

  /** By the names of delegate expressions, and of the process that call activities call. */
  private static final Map<String, String> PATHS =
      Map.ofEntries(
          Map.entry("daskCheckRequest", "M3 9l4 4 8-9"),
          Map.entry("daskAllocate", "M3 3h5v5H3zM10 3h5v5h-5zM3 10h5v5H3zM10 10h5v5h-5z"),
          Map.entry("daskStartScheduler", "M5 3l9 6-9 6z"),
          Map.entry("daskAwaitScheduler", "M9 2a7 7 0 1 0 .01 0M9 5v4l3 2"),
          Map.entry("daskForwardPorts", "M2 6h13l-3-3M16 12H3l3 3"),
          Map.entry("daskScaleWorkers", "M3 15v-3M7 15v-6M11 15V6M15 15V3"),
          Map.entry("daskMonitor", "M1 9h4l2-5 4 10 2-5h4"),
          Map.entry("daskRestart", "M15 9a6 6 0 1 1-2-4.5M13 1v4H9"),
          Map.entry("daskRunScript", "M3 5l4 4-4 4M9 14h6"),
          Map.entry("daskLogs", "M3 4h12M3 8h12M3 12h8"),
          Map.entry("daskTeardown", "M4 4h10v10H4z"),
          Map.entry(
              "dask-cluster",
              "M9 2v4M9 6L3 12M9 6v6M9 6l6 6M2 12h2v3H2zM8 12h2v3H8zM14 12h2v3h-2z"),
          Map.entry("dask-script", "M3 5l4 4-4 4M9 14h6M1 1h16v16H1z"));

  private TemplateIcon() {}

  /** As a URL that holds it. */
  static String of(String name) {
    String path = PATHS.get(name);
    if (path == null) {
      throw new AssertionError("there is no icon for " + name);
    }
    return "data:image/svg+xml,"
        + SVG.formatted(path).replace("#", "%23").replace("<", "%3C").replace(">", "%3E");
  }
}

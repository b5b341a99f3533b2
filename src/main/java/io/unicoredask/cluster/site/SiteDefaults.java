package io.unicoredask.cluster.site;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * What a site's jobs are like where a request does not say.
 *
 * @param queue the batch queue; null leaves it to the site
 * @param project the accounting project; null leaves it to the site
 * @param python a command that runs a Python with Dask, which then starts scheduler and workers as
 *     modules, with every version of Dask; null for the site's applications {@code dask-scheduler}
 *     and {@code dask-worker}
 * @param launcher what is put before a command in an allocation, so that it runs on one of the
 *     allocation's nodes, {@code srun --overlap -n1 -N1} for instance; null for nothing
 * @param schedulerJob the name of the template for the scheduler's job; null for none
 * @param workerJob the name of the template for worker jobs; null for none
 * @param templates job descriptions by name
 */
public record SiteDefaults(
    String queue,
    String project,
    String python,
    String launcher,
    String schedulerJob,
    String workerJob,
    Map<String, ObjectNode> templates) {

  /** Nothing is said, all is left to the site. */
  public static final SiteDefaults NONE =
      new SiteDefaults(null, null, null, null, null, null, Map.of());

  /**
   * Checks the names.
   *
   * @throws IllegalArgumentException if a default template does not exist
   */
  public SiteDefaults {
    templates = Map.copyOf(templates);
    for (String name : new String[] {schedulerJob, workerJob}) {
      if (name != null && !templates.containsKey(name)) {
        throw new IllegalArgumentException(
            "there is no job template '%s'; there are %s".formatted(name, templates.keySet()));
      }
    }
  }
}

package io.unicoredask.cluster.request;

import io.unicoredask.cluster.site.SiteDefaults;

/**
 * What the jobs of a request are like where it does not say, as the site's configuration was when
 * the request was read.
 *
 * @param queue the batch queue; null leaves it to the site
 * @param project the accounting project; null leaves it to the site
 * @param python a command that runs a Python with Dask; null for the site's applications
 * @param launcher what is put before a command in an allocation; null for nothing
 */
public record JobDefaults(String queue, String project, String python, String launcher) {

  static JobDefaults of(SiteDefaults site) {
    return new JobDefaults(site.queue(), site.project(), site.python(), site.launcher());
  }
}

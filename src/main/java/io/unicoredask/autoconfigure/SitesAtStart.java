package io.unicoredask.autoconfigure;

import io.unicoredask.cluster.site.Sites;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Looks at every site when the application has started, and says in one line a site whether it can
 * be used. The start does not wait for it, and does not fail with it.
 */
class SitesAtStart implements SmartLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(SitesAtStart.class);

  /** A site that does not answer delays the lines of few others. */
  private static final int AT_ONCE = 8;

  private final Sites sites;
  private ExecutorService looking;

  SitesAtStart(Sites sites) {
    this.sites = sites;
  }

  @Override
  public synchronized void start() {
    ExecutorService executor =
        Executors.newFixedThreadPool(
            AT_ONCE,
            task -> {
              Thread thread = new Thread(task, "unicore-dask-start");
              thread.setDaemon(true);
              return thread;
            });
    sites.names().forEach(name -> executor.execute(() -> look(name)));
    executor.shutdown();
    looking = executor;
  }

  private void look(String name) {
    SiteLook look = SiteLook.at(sites.get(name));
    if (!isRunning()) {
      return;
    }
    if (look.problems().isEmpty()) {
      LOG.info("Looked at {}", look.words());
    } else {
      LOG.warn("Clusters cannot run now: {}", String.join("; ", look.problems()));
    }
  }

  @Override
  public synchronized void stop() {
    looking.shutdownNow();
    looking = null;
  }

  @Override
  public synchronized boolean isRunning() {
    return looking != null;
  }
}

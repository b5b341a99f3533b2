package io.unicoredask.cluster;

import io.unicoredask.unicore.UnicoreSite;
import javax.net.ssl.SSLContext;

/**
 * A site that clusters can run at.
 *
 * @param unicore its REST API
 * @param ssl what decides whom to trust when a port is forwarded; null for the JDK's default
 * @param queue the queue of jobs that name none; null leaves it to the site
 * @param project the project of jobs that name none; null leaves it to the site
 * @param catalogue the queues and applications that it has
 */
public record Site(
    UnicoreSite unicore, SSLContext ssl, String queue, String project, SiteCatalogue catalogue) {

  /** A site whose queues and applications are looked up when they are first needed. */
  public Site(UnicoreSite unicore, SSLContext ssl, String queue, String project) {
    this(unicore, ssl, queue, project, new SiteCatalogue(unicore));
  }
}

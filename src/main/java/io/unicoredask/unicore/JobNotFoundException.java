package io.unicoredask.unicore;

import java.net.URI;

/** The site knows no such job: it was deleted, or its record expired. */
public class JobNotFoundException extends UnicoreException {

  private static final long serialVersionUID = 1L;

  /**
   * @param site the site's name in the configuration
   * @param job the job's URL
   */
  public JobNotFoundException(String site, URI job) {
    super(
        site,
        "GET",
        job,
        404,
        false,
        "there is no such job (any more). See whether somebody has deleted it at the site",
        null);
  }
}

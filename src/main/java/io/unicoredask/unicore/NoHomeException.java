package io.unicoredask.unicore;

import java.net.URI;
import java.util.List;

/** The site offers its users' home directories by no storage {@code HOME}. */
public class NoHomeException extends UnicoreException {

  private static final long serialVersionUID = 1L;

  /**
   * @param site the site's name in the configuration
   * @param url where the storages are listed
   * @param storages those that there are
   */
  public NoHomeException(String site, URI url, List<URI> storages) {
    super(
        site,
        "GET",
        url,
        200,
        false,
        "there is no storage HOME, only %s. Ask the site's operators to offer the users' home directories as a storage of this name"
            .formatted(storages),
        null);
  }
}

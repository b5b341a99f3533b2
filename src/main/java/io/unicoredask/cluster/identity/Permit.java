package io.unicoredask.cluster.identity;

import io.unicoredask.unicore.UnicoreException;

/** Lets an engine act at its sites: submit, end and abort jobs. */
@FunctionalInterface
public interface Permit {

  /** Lets it act everywhere, as where there can be no copy of it. */
  Permit ALWAYS = site -> {};

  /**
   * Sees to it that the engine may act at a site now. Asks the site unless it did of late.
   *
   * @param site the site's name in the configuration
   * @throws HandsOffException if it may not; the message says why and what can be done
   * @throws UnicoreException if the site cannot say
   */
  void require(String site);

  /**
   * The same, and asks the site in any case: before something is done that cannot be undone.
   *
   * @param site the site's name in the configuration
   * @throws HandsOffException if it may not; the message says why and what can be done
   * @throws UnicoreException if the site cannot say
   */
  default void requireNow(String site) {
    require(site);
  }
}
